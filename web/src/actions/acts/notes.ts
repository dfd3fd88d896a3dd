import { type Act, possible } from './act.ts'

const group = 'groupOther'
const submenu = 'moreOther'

/** What orchestrator itself knows or is told of a server; nothing of it touches the server. */
export const noteActs: readonly Act[] = [
  { group, does: 'dialog', name: 'downtimeBegin', operations: ['begin-downtime'], open: server => ({ kind: 'downtime', server }), whyNot: possible },
  { group, does: 'now', name: 'downtimeEnd', operation: 'end-downtime', whyNot: possible, isOffered: server => server.downtime !== null },
  { group, does: 'now', name: 'refresh', operation: 'refresh', whyNot: possible },
  { group, does: 'examine', name: 'doctor', isReading: true, operations: ['doctor'], whyNot: possible },
  { group, submenu, does: 'dialog', name: 'tags', operations: ['tag', 'untag'], open: server => ({ kind: 'tags', server }), whyNot: possible },
  { group, submenu, does: 'dialog', name: 'promotionRule', operations: ['register-candidate'], open: server => ({ kind: 'promotion-rule', server }), whyNot: possible },
  {
    group,
    submenu,
    does: 'dialog',
    name: 'maintenanceBegin',
    operations: ['begin-maintenance'],
    open: server => ({ kind: 'maintenance', server }),
    whyNot: possible,
    isOffered: server => server.maintenance === null,
  },
  { group, submenu, does: 'now', name: 'maintenanceEnd', operation: 'end-maintenance', whyNot: possible, isOffered: server => server.maintenance !== null },
  { group, does: 'dialog', name: 'forget', operations: ['forget'], open: server => ({ kind: 'forget', server }), whyNot: possible },
]
