import { reasonsOf } from '../../kit/reason-table.ts'

/** What witnesses say, and what is observed beside the public codes: worded once. Times are parameters in ms since 1970, never in the text. */
export const analysisReasonTexts = {
  // our own probe
  'probe-failed': 'our probe failed: {kind}: {text}',
  'probe-failed-partly': 'our probe got an answer and then failed: {kind}: {text}',
  'probe-overdue': 'our probe has no answer for {seconds} s',
  'probe-never-answered': 'the server has never answered us',
  'probe-answered': 'our probe is answered',
  // a replica's receiver, read from the replica
  'replica-unreachable': '{replica} cannot be asked: {kind}: {text}',
  'replica-linked': '{replica} is connected to it',
  'replica-linked-heard': '{replica} is connected to it and heard from it {seconds} s ago',
  'replica-silent': '{replica} is connected to it but has heard nothing for {seconds} s',
  'replica-lost-link': '{replica} lost its connection (error {number})',
  'replica-connecting': '{replica} is trying to connect',
  'replica-refused': '{replica} is answered but not let in (error {number})',
  'replica-stopped': '{replica} was stopped, so it says nothing about its source',
  'replica-applier-stopped': '{replica} is connected to it, its applier stands (error {number})',
  // its own receiver, read from the server itself
  'own-link-lost': 'it cannot connect to its source {source} (error {number})',
  // beside the public codes
  'all-replicas-unreachable': 'it answers, and all of its {replicas} replicas cannot be reached',
  'answers-partly': 'it answers only in part, and no replica complains',
  'replicas-stopped-by-hand': '{stopped} of {replicas} replicas were stopped; they are no witnesses of its death',
  'single-replica-stopped': 'its only replica does not follow it for another reason than the lost connection, so it is not moved by itself',
  'answers-but-refuses-us': 'it is alive but refuses our probe: {text}',
  'hidden-by-maintenance': 'it would be {analysis}, but is under maintenance',
  'writes-wait': '{statements} statements wait for up to {seconds} s and nothing is written: {state}',
  'replaced-and-writable': '{successor} took its place, and it takes writes all the same',
  'judged-by-silence': '{silent} of {replicas} replicas are connected but hear nothing: it hangs or is cut off',
} as const

export const analysisReason = reasonsOf(analysisReasonTexts)
