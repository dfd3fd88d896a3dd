import { raftMutations } from '../raft/mutations.ts'
import { files, named, worlds } from './suites.ts'
import type { Mutation } from './mutation.ts'

const repoint = files('src/model/planning/repoint.test.ts')
const cases = files('test/cases/cases.test.ts')
const execution = files('src/engine/execution/execution.test.ts')
const gtidSets = files('src/model/topology/gtid-set.test.ts', 'src/model/topology/gtid-cases.test.ts')
const statements = files('src/adapters/mysql/statements/step-statements.test.ts')
const publisher = files('src/engine/publication/publisher.test.ts')
const inventory = files('src/engine/inventory/inventory.test.ts')
const leases = files('src/engine/recovery/cluster-leases.test.ts')
const rules = files('src/model/recovery/recovery.test.ts')
const interrupted = named('a manager is killed', 'test/simulation/simulation.test.ts')
const quoting = files('src/model/recovery/hook-quoting.test.ts')
const pseudoGtid = files('src/model/pseudo-gtid/pseudo-gtid.test.ts')
const authentication = files('src/http/authentication/authentication.test.ts')
const accessTokens = files('src/http/authentication/tokens.test.ts')
const positions = files('test/cases/positions-property.test.ts')

/** Bugs of the kinds that cost people their data or their sleep. Each is planted alone; what must catch it takes seconds. */
export const mutations: readonly Mutation[] = [
  // What a server holds
  {
    name: 'sets-subtract-nothing', file: 'src/model/topology/gtid-set.ts', breaks: 'I5', caughtBy: gtidSets,
    text: 'return combine(left, right, subtractIntervals, intervals => intervals)', becomes: 'return combine(left, right, intervals => intervals, intervals => intervals)',
  },
  {
    name: 'sets-forget-tags', file: 'src/model/topology/gtid-set.ts', breaks: 'I5', caughtBy: gtidSets,
    text: 'else if (tagName.test(part)) name = `${uuid}:${part}`', becomes: 'else if (tagName.test(part)) name = uuid',
  },
  {
    name: 'sets-subset-of-anything', file: 'src/model/topology/gtid-intervals.ts', breaks: 'I5', caughtBy: gtidSets,
    text: 'if (w >= whole.length || at(whole, w) > at(part, p) || at(whole, w + 1) < at(part, p + 1)) return false', becomes: 'if (w >= whole.length || at(whole, w) > at(part, p)) return false',
  },
  {
    name: 'nothing-counts-as-unapplied', file: 'src/model/planning/failover-held.ts', breaks: 'I1', caughtBy: cases,
    text: 'subtractGtidSets(heldGtids(instance), readGtids(instance.executedGtidSet))', becomes: 'subtractGtidSets(heldGtids(instance), heldGtids(instance))',
  },
  {
    name: 'received-does-not-count-as-held', file: 'src/model/planning/failover-held.ts', breaks: 'I1', caughtBy: cases,
    text: 'return instance.channels.reduce((held, link) => unionGtidSets(held, readGtids(link.retrievedGtidSet)), withDefaultChannel(instance))', becomes: 'return readGtids(instance.executedGtidSet)',
  },
  {
    name: 'mariadb-later-number-is-enough', file: 'src/model/topology/mariadb-held.ts', breaks: 'I6', caughtBy: files('src/model/topology/mariadb-held.test.ts'),
    text: 'at.domain === domain && at.serverId === serverId && at.sequence >= sequence', becomes: 'at.domain === domain && at.sequence >= sequence',
  },
  // Plans of a failover
  {
    name: 'promote-without-applying', file: 'src/model/planning/failover.ts', breaks: 'I1', caughtBy: cases,
    text: 'if (!known || hasUnapplied(candidate)) {', becomes: 'if (!known) {',
  },
  {
    name: 'promote-while-receiving', file: 'src/model/planning/failover.ts', breaks: 'I1', caughtBy: cases,
    text: "requires: [{ holds: 'receiver-stopped', server: on }, { holds: 'nothing-received-unapplied', server: on }],", becomes: 'requires: [],',
  },
  {
    name: 'forget-the-source-before-writable', file: 'src/model/planning/failover.ts', breaks: 'speed of a failover', caughtBy: cases,
    text: "wave: wave + 1, step: { do: 'forget-source', on }, onFailure: 'note', ifStoppedHere: failoverReason('promote-done'", becomes: "wave: wave - 0.5, step: { do: 'forget-source', on }, onFailure: 'note', ifStoppedHere: failoverReason('promote-done'",
  },
  {
    name: 'repoint-with-both-threads-stopped', file: 'src/model/planning/failover.ts', breaks: 'I5', caughtBy: cases,
    text: "const stop: Row[] = link?.receiver === 'stopped' ? [] : [{ wave, step: { do: 'stop-receiver', on: server },", becomes: "const stop: Row[] = link?.receiver === 'stopped' ? [] : [{ wave, step: { do: 'stop-replication', on: server },",
  },
  {
    name: 'repoint-forgets-what-was-received', file: 'src/model/planning/failover.ts', breaks: 'I5', caughtBy: repoint,
    text: ": hasUnapplied(replica) ? { holds: 'source-holds-received', server, source }", becomes: ": hasUnapplied(replica) ? { holds: 'is-reachable', server }",
  },
  {
    name: 'repoint-names-auto-position', file: 'src/model/planning/failover.ts', breaks: 'I4', caughtBy: named('a dead primary is replaced', 'test/simulation/simulation.test.ts'),
    text: "do: 'change-source', on: server, to: source, way: 'receiver-only' }, ifStoppedHere,", becomes: "do: 'change-source', on: server, to: source, way: 'auto-position' }, ifStoppedHere,",
  },
  {
    name: 'repoint-who-is-ahead', file: 'src/model/planning/failover.ts', breaks: 'I5', caughtBy: repoint,
    text: 'if (ahead > 0) return failoverReason', becomes: 'if (ahead > 1_000_000) return failoverReason',
  },
  {
    name: 'repoint-who-needs-purged-logs', file: 'src/model/planning/failover.ts', breaks: 'I4', caughtBy: repoint,
    text: 'if (!isGtidSubset(readGtids(successor.purgedGtidSet), held))', becomes: 'if (!isGtidSubset(held, held))',
  },
  {
    name: 'feed-from-the-poorest', file: 'src/model/planning/failover.ts', breaks: 'I1', caughtBy: repoint,
    text: 'if (best === null || count > best.count) best', becomes: 'if (best === null || count < best.count) best',
  },
  {
    name: 'feed-without-waiting', file: 'src/model/planning/failover.ts', breaks: 'I1', caughtBy: repoint,
    text: "    { wave: after + 1, step: { do: 'wait-executed', on, what: { boundTo: named }, timeoutMilliseconds }, ifStoppedHere },\n", becomes: '',
  },
  {
    name: 'fence-leaves-administrators-writing', file: 'src/model/planning/failover.ts', breaks: 'I3', caughtBy: cases,
    text: "step: { do: 'set-read-only', on: old, alsoSuper: true }", becomes: "step: { do: 'set-read-only', on: old, alsoSuper: false }",
  },
  {
    name: 'fence-tells-waiting-clients-of-success', file: 'src/model/planning/failover.ts', breaks: 'I3', caughtBy: repoint,
    text: 'const ends: Row[] = wasReplaced &&', becomes: 'const ends: Row[] = !wasReplaced &&',
  },
  {
    name: 'successor-acknowledges-for-the-old-one', file: 'src/model/planning/failover.ts', breaks: 'I3', caughtBy: named('may have taken writes', 'test/simulation/simulation.test.ts'),
    text: "if (durability === 'none' || link === null", becomes: "if (durability !== 'none' || link === null",
  },
  {
    name: 'promote-a-banned-server', file: 'src/model/planning/promote-policy.ts', breaks: 'a person’s promotion rule', caughtBy: files('src/model/planning/promote.test.ts', 'src/model/planning/promote-scenarios.test.ts'),
    text: "if (instance.promotionRule === 'must_not')", becomes: "if (instance.promotionRule === 'must')",
  },
  {
    name: 'promote-across-data-centres', file: 'src/model/planning/promote-veto.ts', breaks: 'PreventCrossDataCenterMasterFailover', caughtBy: files('src/model/planning/promote.test.ts', 'src/model/planning/promote-scenarios.test.ts'),
    text: 'if (policy.preventCrossDataCenter && server.dataCenter !== failed.dataCenter)', becomes: "if (policy.preventCrossDataCenter && server.dataCenter === '')",
  },
  // What is promised of acknowledged writes
  {
    name: 'proof-by-one-replica-too-few', file: 'src/model/planning/durability.ts', breaks: 'I1', caughtBy: cases,
    text: 'const needed = Math.max(1, all.length - waits + 1)', becomes: 'const needed = Math.max(1, all.length - waits)',
  },
  {
    name: 'proof-though-acknowledgements-time-out', file: 'src/model/planning/durability.ts', breaks: 'I1', caughtBy: cases,
    text: 'if (semiSync.timeoutMilliseconds < waitsForeverMilliseconds) {', becomes: 'if (semiSync.timeoutMilliseconds < 0) {',
  },
  {
    name: 'proof-forgets-who-was-never-read', file: 'src/model/planning/durability.ts', breaks: 'I1', caughtBy: repoint,
    text: 'semiSync?.replicaActive === true || check.lastSeenAt === null)', becomes: 'semiSync?.replicaActive === true || (check.lastSeenAt ?? 0) < 0)',
  },
  {
    name: 'promote-who-lacks-what-another-holds', file: 'src/model/planning/durability.ts', breaks: 'I1', caughtBy: repoint,
    text: 'if (count > 0) return durabilityReason', becomes: 'if (count < 0) return durabilityReason',
  },
  {
    name: 'promote-without-proof', file: 'src/model/planning/durability.ts', breaks: 'I1', caughtBy: worlds({ seeds: 25, faults: ['acknowledger-dies-too'] }),
    text: 'if (counts.reached >= needed) return', becomes: 'if (counts.reached >= Math.min(needed, 1)) return',
  },
  // Takeover
  {
    name: 'takeover-without-catching-up', file: 'src/model/planning/takeover.ts', breaks: 'I1', caughtBy: cases,
    text: 'what: { boundTo: switchedAt }', becomes: "what: { set: '' }",
  },
  {
    name: 'takeover-by-an-errant-server', file: 'src/model/planning/takeover.ts', breaks: 'I6', caughtBy: cases,
    text: 'if (errant !== null) return errant', becomes: 'if (errant === undefined) return errant',
  },
  {
    name: 'takeover-leaves-the-old-one-read-only', file: 'src/model/planning/takeover.ts', breaks: 'I4', caughtBy: cases,
    text: "alsoSuper: true }, ifStoppedHere, undo: [{ do: 'set-writable', on: old.key }],", becomes: 'alsoSuper: true }, ifStoppedHere, undo: [],',
  },
  {
    name: 'takeover-undone-beside-a-writable-successor', file: 'src/model/planning/takeover.ts', breaks: 'I2', caughtBy: cases,
    text: "requires: [{ holds: 'read-only', server: successor }],", becomes: 'requires: [],',
  },
  {
    name: 'rejoin-while-it-takes-writes', file: 'src/model/planning/takeover.ts', breaks: 'I6', caughtBy: cases,
    text: "ifStoppedHere, requires: [{ holds: 'read-only', server: on }] })", becomes: 'ifStoppedHere, requires: [] })',
  },
  // Return
  {
    name: 'rejoin-who-diverged', file: 'src/model/planning/return-judgement.ts', breaks: 'I6', caughtBy: cases,
    text: 'if (diverged.count > 0) {', becomes: 'if (diverged.count > 1_000_000) {',
  },
  {
    name: 'rejoin-without-judging-again', file: 'src/model/planning/rejoin-primary.ts', breaks: 'I6', caughtBy: cases,
    text: ", { holds: 'source-has-executed', server: key, source: sourceKey },", becomes: ',',
  },
  {
    name: 'returned-primary-keeps-writing', file: 'src/engine/recovery/deposed.ts', breaks: 'I3', caughtBy: worlds({ seeds: 20, faults: ['isolate-with-client'] }),
    text: 'void (instance.readOnly ? this.#judgeReturned(instance, deposed) : this.#fence(key, deposed))', becomes: 'void (instance.readOnly ? this.#judgeReturned(instance, deposed) : Promise.resolve())',
  },
  // Execution
  {
    name: 'steps-may-shrink-what-is-held', file: 'src/engine/execution/step-runner.ts', breaks: 'I5', caughtBy: execution,
    text: 'if (missing.size === 0) return null', becomes: 'if (missing.size >= 0) return null',
  },
  {
    name: 'conditions-are-not-asked', file: 'src/engine/execution/step-runner.ts', breaks: 'I5', caughtBy: execution,
    text: 'if (refusal !== null) return { statements: [], failure: refusal }', becomes: 'if (refusal?.code === undefined) void refusal',
  },
  {
    name: 'conditions-on-an-old-reading', file: 'src/engine/execution/step-runner.ts', breaks: 'stale probes', caughtBy: execution,
    text: 'await eachBounded(old, readsAtOnce,', becomes: 'if (old.length > 9) await eachBounded(old, readsAtOnce,',
  },
  {
    name: 'promises-are-not-verified', file: 'src/engine/execution/step-runner.ts', breaks: 'L0', caughtBy: execution,
    text: 'failure: verifies ? await this.#verify(planned, knowledge) : null }', becomes: 'failure: null }',
  },
  {
    name: 'writable-left-open', file: 'src/engine/execution/step-runner.ts', breaks: 'I2', caughtBy: execution,
    text: "new Set(['set-writable'])", becomes: 'new Set([])',
  },
  {
    name: 'undone-from-the-front', file: 'src/engine/execution/execution.ts', breaks: 'I4', caughtBy: execution,
    text: 'for (const planned of steps.toReversed()) {', becomes: 'for (const planned of steps) {',
  },
  {
    name: 'undo-beside-another-manager', file: 'src/engine/execution/execution.ts', breaks: 'I7', caughtBy: execution,
    text: 'if (run.isFenced) return []', becomes: 'if (run.isFenced && steps.length === 0) return []',
  },
  {
    name: 'forget-the-fencing-number', file: 'src/engine/execution/run.ts', breaks: 'I7', caughtBy: execution,
    text: 'this.#fenced ??= await this.#fence()', becomes: 'await this.#fence()',
  },
  {
    name: 'plans-go-on-after-a-failure', file: 'src/engine/execution/run.ts', breaks: 'L0', caughtBy: execution,
    text: "if (planned.onFailure === 'stop') this.stopped ??= result.failure", becomes: "if (planned.onFailure === 'note') this.stopped ??= result.failure",
  },
  {
    name: 'resumed-plan-reads-its-place-again', file: 'src/engine/execution/execution.ts', breaks: 'I8', caughtBy: execution,
    text: "intent.bound.has(number) ? [[step.as, intent.bound.get(number) ?? ''] as const] : []", becomes: "intent.bound.has(-number) ? [[step.as, intent.bound.get(number) ?? ''] as const] : []",
  },
  {
    name: 'intents-end-with-a-promotion', file: 'src/engine/execution/run.ts', breaks: 'I8', caughtBy: execution,
    text: 'staysOpen || this.isFenced ? undefined', becomes: 'this.isFenced ? undefined',
  },
  // Who acts, and whether
  {
    name: 'lease-is-ours-for-ever', file: 'src/engine/recovery/cluster-leases.ts', breaks: 'I7', caughtBy: leases,
    text: 'if (!(await this.#store.isHeld(clusterName, this.#holder, number)))', becomes: 'if (number < 0)',
  },
  {
    name: 'lease-number-is-not-compared', file: 'src/adapters/store/repositories/leases.ts', breaks: 'I7', caughtBy: named('SQLite.*lease', 'test/conformance/store-facts.test.ts'),
    text: ' && Number(now.fencing_number) === number', becomes: '',
  },
  {
    name: 'live-managers-count-as-crashed', file: 'src/model/recovery/lifecycle.ts', breaks: 'I7', caughtBy: rules,
    text: '&& !live.has(`${nodeHostname}\\n${nodeToken}`)', becomes: '&& live.size > 0',
  },
  {
    name: 'half-done-work-grows-old', file: 'src/model/recovery/lifecycle.ts', breaks: 'I8', caughtBy: rules,
    text: '(isActive || halfDone.has(uid))', becomes: 'isActive',
  },
  {
    name: 'crashed-work-is-left-lying', file: 'src/engine/recovery/interrupted.ts', breaks: 'I8', caughtBy: interrupted,
    text: 'if (crashed.length === 0) return', becomes: 'if (crashed.length >= 0) return',
  },
  {
    name: 'second-promotion-beside-the-first', file: 'src/engine/recovery/interrupted.ts', breaks: 'I2', caughtBy: interrupted,
    text: 'if (isReadable && !successor.readOnly) await this.#finish(', becomes: 'if (isReadable && successor.readOnly) await this.#finish(',
  },
  {
    name: 'begun-counts-as-never-done', file: 'src/engine/recovery/interrupted.ts', breaks: 'I1', caughtBy: named('may have taken writes', 'test/simulation/simulation.test.ts'),
    text: "steps.get(number) === 'begun')))", becomes: "steps.get(number) === 'skipped')))",
  },
  {
    name: 'stragglers-are-left-behind', file: 'src/engine/recovery/deposed.ts', breaks: 'I4', caughtBy: named('moved below the primary just before', 'test/simulation/simulation.test.ts'),
    text: 'if (this.#deposed.size > 0) this.#stragglers', becomes: 'if (this.#deposed.size > 1_000_000) this.#stragglers',
  },
  {
    name: 'wait-for-one-after-the-other', file: 'src/model/planning/promote-waiting.ts', breaks: 'speed of a failover', caughtBy: files('src/engine/recovery/candidate-search.test.ts'),
    text: 'if (best === null || best.isAskedFor || isSoon(best, soon)) return best', becomes: 'if (soon >= 0) return best',
  },
  {
    name: 'wait-on-for-one-that-stands', file: 'src/model/planning/promote-waiting.ts', breaks: 'speed of a failover', caughtBy: files('src/engine/recovery/candidate-search.test.ts'),
    text: 'return done <= 0 ? Infinity : left / done', becomes: 'return done <= 0 ? 0 : done / left',
  },
  {
    name: 'new-leader-knows-nothing', file: 'src/engine/recovery/lead.ts', breaks: 'I8', caughtBy: interrupted,
    text: 'await this.#ledger.load(leads)', becomes: 'if (leads) await Promise.resolve()',
  },
  {
    name: 'only-we-miss-it-is-enough', file: 'src/model/recovery/confirmation.ts', breaks: 'I10', caughtBy: cases,
    text: 'if (witnesses === 0) return {', becomes: 'if (witnesses < 0) return {',
  },
  {
    name: 'linked-replicas-do-not-count', file: 'src/model/recovery/confirmation.ts', breaks: 'I10', caughtBy: cases,
    text: 'if (linked > 0) return {', becomes: 'if (linked < 0) return {',
  },
  {
    name: 'trust-a-stale-probe', file: 'src/model/recovery/confirmation.ts', breaks: 'I10', caughtBy: cases,
    text: 'if (waiting.length > 0) return {', becomes: 'if (waiting.length < 0) return {',
  },
  {
    name: 'downtime-is-ignored', file: 'src/model/recovery/may-we-act.ts', breaks: 'a person’s downtime', caughtBy: cases,
    text: 'if (finding.skippableDueToDowntime) {', becomes: 'if (finding.skippableDueToDowntime === null) {',
  },
  {
    name: 'recovery-on-recovery', file: 'src/model/recovery/may-we-act.ts', breaks: 'I7', caughtBy: cases,
    text: "if (blockage !== null) return refuse('blocked'", becomes: "if (blockage?.until === 0) return refuse('blocked'",
  },
  {
    name: 'two-findings-of-one-moment', file: 'src/engine/recovery/ledger.ts', breaks: 'I7', caughtBy: files('src/engine/recovery/ledger.test.ts'),
    text: 'if (this.#claims.has(clusterName)) return false', becomes: 'if (this.#claims.has(`${clusterName} `)) return false',
  },
  {
    name: 'refusals-keep-silent', file: 'src/engine/recovery/finding-handler.ts', breaks: 'I14', caughtBy: worlds({ seeds: 40 }),
    text: "this.#parts.audit.write('recovery-not-attempted', finding.key, finding.clusterName, `${finding.code}: ${reason.text}`)", becomes: '',
  },
  // What servers are told, and what is remembered of them
  {
    name: 'options-change-with-the-source', file: 'src/adapters/mysql/statements/change-source.ts', breaks: 'I12', caughtBy: statements,
    text: '[change.heartbeat, heartbeatPeriodSeconds === null ? null : String(heartbeatPeriodSeconds)],', becomes: '',
  },
  {
    name: 'receiver-only-names-auto-position', file: 'src/adapters/mysql/statements/change-source.ts', breaks: 'I5', caughtBy: statements,
    text: "[change.autoPosition, way === 'auto-position' ? '1'", becomes: "[change.autoPosition, way === 'auto-position' || way === 'receiver-only' ? '1'",
  },
  {
    name: 'a-quote-ends-the-literal', file: 'src/adapters/mysql/statements/quote.ts', breaks: 'L7', caughtBy: statements,
    text: "const doubled = text.replaceAll(\"'\", \"''\")", becomes: 'const doubled = text',
  },
  {
    name: 'a-description-becomes-shell-code', file: 'src/model/recovery/hook-quoting.ts', breaks: 'L7', caughtBy: quoting,
    text: '/[\\\\"$`]/.test(character)', becomes: '/[\\\\"`]/.test(character)',
  },
  {
    name: 'an-older-probe-wins', file: 'src/engine/inventory/inventory.ts', breaks: 'stale probes', caughtBy: inventory,
    text: 'if (observation.startedAtMonotonic < (this.#readFrom.get(key) ?? -Infinity)) return previous', becomes: 'if (observation.startedAtMonotonic < 0) return previous',
  },
  {
    name: 'a-failed-write-is-forgotten', file: 'src/engine/inventory/save-behind.ts', breaks: 'I13', caughtBy: inventory,
    text: 'for (const key of keys.slice(begin)) this.#waiting.add(key)', becomes: '',
  },
  {
    name: 'a-rival-writes-the-same-file', file: 'src/adapters/store/dialects/sqlite/life-lock.ts', breaks: 'I13', caughtBy: files('src/adapters/store/dialects/sqlite/life-lock.test.ts'),
    text: 'pragma locking_mode = exclusive; ', becomes: '',
  },
  // What the world outside is told
  {
    name: 'published-without-reading-back', file: 'src/engine/publication/place.ts', breaks: 'I11', caughtBy: publisher,
    text: "return says.value ? null : 'it was told, and says something else'", becomes: 'return null',
  },
  {
    name: 'a-late-try-brings-the-old-one-back', file: 'src/engine/publication/place.ts', breaks: 'I11', caughtBy: publisher,
    text: 'line.running ??= this.#work(entry.alias, line)', becomes: 'line.running = this.#work(entry.alias, line)',
  },
  {
    name: 'drift-is-not-mended', file: 'src/engine/publication/place.ts', breaks: 'I11', caughtBy: publisher,
    text: 'if (says.ok && says.value) return false', becomes: 'if (says.ok) return false',
  },
  // Positions
  {
    name: 'logs-lined-up-without-comparing', file: 'src/model/pseudo-gtid/line-up.ts', breaks: 'I5', caughtBy: pseudoGtid,
    text: 'if (!isSameText(event.text, theirs.value.event.text))', becomes: "if (!isSameText(event.text, theirs.value.event.text) && event.text === '')",
  },
  {
    name: 'moved-to-the-place-of-another-log', file: 'src/model/planning/position-rows.ts', breaks: 'I5', caughtBy: positions,
    text: 'turnRow(on, source.key, target, { from: own, to: executed })', becomes: 'turnRow(on, source.key, target, { from: executed, to: own })',
  },

  // Who may change something
  {
    name: 'read-only-for-named-people-alone', file: 'src/http/authentication/authentication.ts', breaks: 'who may change something', caughtBy: authentication,
    text: "return 'user' in found && settings.isReadOnly ?", becomes: "return 'user' in found && found.user !== '' && settings.isReadOnly ?",
  },
  {
    name: 'header-of-anybody-counts', file: 'src/http/authentication/authentication.ts', breaks: 'who may change something', caughtBy: authentication,
    text: 'if (!isTrustedProxy(settings.trustedProxies, remoteAddress))', becomes: "if (remoteAddress === '')",
  },
  {
    name: 'wrong-passwords-at-any-speed', file: 'src/http/authentication/guesses.ts', breaks: 'who may change something', caughtBy: authentication,
    text: 'failures.count >= guessLimits.failures', becomes: 'failures.count > guessLimits.addresses',
  },
  {
    name: 'neighbours-of-our-site-count-as-ours', file: 'src/http/cross-site.ts', breaks: 'who may change something', caughtBy: authentication,
    text: "if (site === 'cross-site' || site === 'same-site') return true", becomes: "if (site === 'cross-site') return true",
  },
  {
    name: 'old-tokens-can-be-taken', file: 'src/http/authentication/tokens.ts', breaks: 'who may change something', caughtBy: accessTokens,
    text: 'if (!token.isReentrant && (token.isAcquired || isLate)) return null', becomes: 'if (!token.isReentrant && token.isAcquired) return null',
  },
  {
    name: 'tokens-never-lapse', file: 'src/http/authentication/tokens.ts', breaks: 'who may change something', caughtBy: accessTokens,
    text: 'if (token === null || !token.isAcquired || this.#hasLapsed(token)) return null', becomes: 'if (token === null || !token.isAcquired) return null',
  },
  {
    name: 'sessions-of-any-age', file: 'src/http/authentication/sealed.ts', breaks: 'who may change something', caughtBy: accessTokens,
    text: 'return endsAt > now ? value : null', becomes: 'return endsAt > 0 ? value : null',
  },

  // The Raft core
  ...raftMutations,
]
