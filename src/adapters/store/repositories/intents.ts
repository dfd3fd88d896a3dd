import type { Plan } from '../../../model/planning/plan.ts'
import type { Intent, Intents, IntentStepState } from '../../../ports/intents.ts'
import { type Context, insertNumbered } from './context.ts'
import { signOfLife } from './heartbeat.ts'

export function intents(context: Context): Intents {
  const { database, engine, alike } = context
  return {
    isShared: engine.kind === 'mysql' || alike !== undefined,
    async begin({ plan, by, recoveryUid, startedAt, process }) {
      const row = { recovery_uid: recoveryUid, started_by: by, started_at: startedAt, plan: JSON.stringify(plan), ended_as: null, hostname: process?.hostname ?? null, token: process?.token ?? null }
      return (await insertNumbered(context, 'plan_intent', row)) ?? 0
    },
    async step(id, number, state, bound) {
      await engine.upsert(database, 'plan_intent_step', ['intent_id', 'step_number'], [{ intent_id: id, step_number: number, state, bound: bound ?? null }])
    },
    async end(id, state) {
      await database.updateTable('plan_intent').set({ ended_as: state }).where('intent_id', '=', id).where('ended_as', 'is', null).execute()
    },
    async open() {
      const rows = await database.selectFrom('plan_intent').selectAll().where('ended_as', 'is', null).orderBy('intent_id').execute()
      const ids = rows.map(row => row.intent_id)
      if (ids.length === 0) return []
      const steps = await database.selectFrom('plan_intent_step').selectAll().where('intent_id', 'in', ids).orderBy('step_number').execute()
      return rows.map(row => ({
        id: row.intent_id, plan: JSON.parse(row.plan) as Plan, // plans are plain JSON, and this one was written by `begin`
        by: row.started_by, recoveryUid: row.recovery_uid, startedAt: Number(row.started_at), process: row.token === null ? null : { hostname: row.hostname ?? '', token: row.token },
        steps: new Map(
          steps.filter(step => Number(step.intent_id) === row.intent_id).map(step => [step.step_number, step.state as IntentStepState]), // written by `step`
        ),
        bound: new Map(steps.flatMap(({ intent_id: of, step_number: number, bound }) => (Number(of) === row.intent_id && bound !== null ? [[number, bound] as const] : []))),
      })) satisfies readonly Intent[]
    },
    async takeOver({ id, process }, { hostname, token }) {
      const { numUpdatedRows } = await database.updateTable('plan_intent').set({ hostname, token })
        .where('intent_id', '=', id).where('ended_as', 'is', null).where('token', process === null ? 'is' : '=', process?.token ?? null).executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async isOwn(id, holder) {
      if (alike === undefined) await signOfLife({ database, engine }, holder)
      const row = await database.selectFrom('plan_intent').select(['hostname', 'token']).where('intent_id', '=', id).where('ended_as', 'is', null).executeTakeFirst()
      return row?.hostname === holder.hostname && row.token === holder.token
    },
  }
}
