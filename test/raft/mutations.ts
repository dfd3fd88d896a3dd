import type { Mutation } from '../mutations/mutation.ts'
import { files, type Suite } from '../mutations/suites.ts'

const scripts = files('test/raft/scripts.test.ts')
const stepped = files('src/model/raft/step.test.ts')
const quorums = files('test/raft/quorums.test.ts')
const seeds = 300
const simulated: Suite = { says: `${seeds} simulated Raft clusters`, args: ['test/raft/simulate.ts', '--seeds', `${seeds}`, '--stop-at-first'] }

const mutation = (name: string, file: string, breaks: string, caughtBy: Suite, text: string, becomes: string): Mutation =>
  ({ name: `raft-${name}`, file: `src/model/raft/${file}.ts`, breaks, caughtBy, text, becomes })

/** Mistakes that people made in Raft, or might. The text stands once in the file. */
export const raftMutations: readonly Mutation[] = [
  // Promises and the disk
  mutation('vote-not-saved', 'turn', 'one vote in a term', scripts, 'votedFor: state.votedFor } : null', 'votedFor: null } : null'),
  mutation('vote-told-before-saved', 'election', 'one vote in a term', scripts, "turn.sendDurable({ kind: 'vote-reply', to: message.from, granted })", "turn.send({ kind: 'vote-reply', to: message.from, granted })"),
  mutation('acknowledged-before-saved', 'following', 'nothing committed is lost', scripts, "turn.sendDurable({ kind: 'append-reply', to, accepted: true, matched })", "turn.send({ kind: 'append-reply', to, accepted: true, matched })"),
  mutation('snapshot-acknowledged-before-saved', 'snapshots', 'nothing committed is lost', scripts, "=> turn.sendDurable({ kind: 'snapshot-reply'", "=> turn.send({ kind: 'snapshot-reply'"),
  mutation('leader-counts-itself-before-saved', 'leading', 'nothing committed is lost', scripts, 'member === state.self ? state.durable', 'member === state.self ? log.lastIndex'),
  mutation('applied-before-saved', 'following', 'the state machine is never ahead of its log', scripts, 'Math.min(state.commit, state.durable)', 'state.commit'),
  mutation('overwritten-still-durable', 'turn', 'nothing committed is lost', simulated, 'state.durable = Math.min(state.durable, keep)', ''),
  mutation('restored-before-saved', 'following', 'the state machine is never ahead of its disk', scripts, 'if (state.restoring.save > state.savesDone) return', ''),
  mutation('hung-disk-leads-on', 'leading', 'a leader whose disk hangs makes room', scripts, 'now - oldest.askedAt >= policy.storageStallTicks', 'now < 0'),

  // Elections
  mutation('votes-twice', 'election', 'one leader in a term', scripts, '(state.votedFor === null || state.votedFor === message.from) &&', ''),
  mutation('short-log-elected', 'election', 'a leader has everything committed', scripts, 'return lastTerm > log.lastTerm ||', 'return lastTerm >= 0 ||'),
  mutation('long-old-log-elected', 'election', 'a leader has everything committed', scripts, 'return lastTerm > log.lastTerm || (lastTerm === log.lastTerm && lastIndex >= log.lastIndex)', 'return lastIndex >= log.lastIndex'),
  mutation('no-pre-vote', 'step', 'whoever was cut off deposes nobody', scripts, "campaign(turn, 'pre-vote', 'timer')", "campaign(turn, 'vote', 'timer')"),
  mutation('leader-unprotected', 'election', 'whoever was cut off deposes nobody', scripts, 'state.now - state.leaderHeardAt < state.policy.electionTicks', 'state.now < 0'),
  mutation('no-check-quorum', 'leading', 'a leader that is alone ends', scripts, 'if (!isQuorum(state.log.configuration, isHeard))', 'if (now < 0)'),
  mutation('slept-time-forgotten', 'step', 'a leader that slept ends', scripts, 'state.now += count', 'state.now += 1'),
  mutation('vote-kept-in-new-term', 'election', 'there is a leader again', scripts, 'state.term = term\n  state.votedFor = null', 'state.term = term'),
  mutation('other-disk-answers', 'step', 'who lost its disk is another member', simulated, 'if (message.to !== state.self)', 'if (message.to === message.from)'),
  mutation('lower-term-left-alone', 'step', 'there is a leader again', scripts, "return turn.sendDurable({ kind: 'heartbeat-reply', to: message.from, round: 0 })", 'return'),

  // The log
  mutation('old-term-counted', 'leading', 'nothing committed is lost', simulated, '|| log.termAt(index) !== state.term', ''),
  mutation('conflict-kept', 'following', 'logs are equal', scripts, 'index > state.commit && log.termAt(index) !== term', 'index > log.lastIndex'),
  mutation('place-before-not-compared', 'following', 'logs are equal', scripts, '|| log.termAt(message.previousIndex) === message.previousTerm', '|| message.previousIndex <= log.lastIndex'),
  mutation('old-append-cuts', 'following', 'nothing committed is lost', simulated, 'index > state.commit && log.termAt(index) !== term', 'index > state.commit'),
  mutation('commit-beyond-what-came', 'following', 'the same is applied everywhere', stepped, 'Math.min(message.commit, last)', 'Math.min(message.commit, state.log.lastIndex)'),
  mutation('heartbeat-commits-unseen', 'leading', 'the same is applied everywhere', scripts, 'commit: Math.min(commit, matched), round', 'commit, round'),
  mutation('too-much-taken', 'leading', 'everything is bounded', scripts, 'waitingBytes > 0 && waitingBytes + size > policy.uncommittedBytesMax', 'waitingBytes < 0'),

  // Members
  mutation('half-is-enough', 'configuration', 'quorums meet', quorums, 'Math.floor(members.length / 2) + 1', 'Math.ceil(members.length / 2)'),
  mutation('joint-needs-new-only', 'configuration', 'quorums meet', quorums, '&& (outgoing.length === 0 || isMajority(outgoing))', ''),
  mutation('joint-counts-new-only', 'configuration', 'nothing committed is lost', scripts, 'outgoing.length === 0 ? held(voters) : Math.min(held(voters), held(outgoing))', 'held(voters)'),
  mutation('change-without-joint', 'configuration', 'quorums meet', quorums, 'voters, outgoing: now.voters, learners', 'voters, outgoing: [], learners'),
  mutation('joint-left-early', 'membership', 'quorums meet', scripts, 'if (log.configurationIndex > commit || commit < turn.leading.firstIndex) return', ''),
  mutation('change-before-own-commit', 'membership', 'quorums meet', scripts, "if (commit < leading.firstIndex) return 'not-yet-committed'", ''),
  mutation('two-changes', 'membership', 'quorums meet', scripts, "log.configurationIndex > commit ? 'change-in-progress' : null", "commit < 0 ? 'change-in-progress' : null"),
  mutation('empty-learner-votes', 'membership', 'writes go on', scripts, 'progress.matched > 0 && progress.matched + policy.learnerLagMax >= log.lastIndex', 'progress.matched >= 0'),
  mutation('removed-leads-on', 'membership', 'a removed leader ends', scripts, 'else if (!configuration.voters.includes(self))', 'else if (configuration.voters.length === 0)'),
  mutation('needed-one-may-not-lead', 'election', 'there is a leader again', scripts, 'log.configurations.slice(Math.max(inForce, 0))', 'log.configurations.slice(-1)'),
  mutation('missed-learner-keeps-still', 'election', 'there is a leader again', scripts, 'if (isSerious && !granted) turn.state.isMissed = true', ''),
  mutation('any-learner-campaigns', 'election', 'learners count nowhere', scripts, '(isMissed && log.configuration', '(!isMissed && log.configuration'),
  mutation('missed-for-ever', 'following', 'learners count nowhere', scripts, 'state.isMissed = false', ''),

  // Snapshots, reads, hand-over
  mutation('snapshot-with-uncommitted-members', 'snapshots', 'a snapshot says what was committed', scripts, 'configuration: log.configurationAt(index)', 'configuration: log.configuration'),
  mutation('snapshot-keeps-other-log', 'snapshots', 'logs are equal', simulated, 'state.log.termAt(mark.index) === mark.term', '(state.log.termAt(mark.index) ?? -1) >= 0'),
  mutation('piece-out-of-place', 'snapshots', 'a snapshot is whole', scripts, 'if (offset !== wanted) return reply(wanted, false)', ''),
  mutation('lost-piece-awaited', 'snapshots', 'everyone has everything again', scripts, 'now - sending.since < policy.electionTicks', 'now > 0'),
  mutation('read-unconfirmed', 'reads', 'no stale read', scripts, '>= confirming.round)', '>= 0)'),
  mutation('read-before-own-commit', 'reads', 'no stale read', scripts, 'if (commit < firstIndex || reads', 'if (reads'),
  mutation('old-heartbeat-confirms', 'leading', 'no stale read', scripts, 'round: Math.max(progress.round, message.round)', 'round: turn.leading.round'),
  mutation('handed-over-too-early', 'transfer', 'the other gets everything before it takes over', scripts, 'turn.progress(transfer.to).matched < turn.state.log.lastIndex', 'turn.state.log.lastIndex < 0'),
  mutation('takes-while-handing-over', 'leading', 'nothing new is taken while the lead is handed over', scripts, "if (leading.transfer !== null) return 'transferring'", ''),
]
