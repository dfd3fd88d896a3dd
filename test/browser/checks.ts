/** What the page was promised to do, by the numbers of its design, and the tests that try it. Add the file and the title of a test where it proves one. */
export interface PageCheck {
  readonly number: number
  readonly says: string
  /** Tried on real MySQL servers. */
  readonly isReal?: true
  /** Files below `test/browser`, and the title of a test in it or a part of one that is nowhere else in that file. */
  readonly proven: readonly (readonly [file: string, title: string])[]
}

export const pageChecks: readonly PageCheck[] = [
  { number: 1, says: 'every former address answers with its heading, and the page complains of nothing', proven: [['pages.test.ts', 'below a prefix every address, old or new']] },
  { number: 2, says: 'the address of a former primary opens the present cluster, with a note', isReal: true, proven: [['failover.test.ts', 'the address of the former primary opens the present cluster']] },
  { number: 3, says: 'an unknown cluster is not found, inside the frame, with the nearest names', proven: [['further/frame.test.ts', 'a cluster that nobody knows is not found inside the frame']] },
  { number: 4, says: 'an address cannot speak for the program', proven: [['pages.test.ts', 'an address cannot speak for the program']] },
  { number: 5, says: 'below a prefix nothing leaves the prefix or the host', proven: [['pages.test.ts', 'below a prefix every address, old or new']] },
  { number: 6, says: 'with nothing known the first steps are shown, and discovery is seen live', isReal: true, proven: [['discover.test.ts', 'with nothing known the clusters page welcomes']] },
  { number: 7, says: 'a closed port is explained on its line, and the right one put in its place', isReal: true, proven: [['discover.test.ts', 'a closed port and a malformed address are explained']] },
  { number: 8, says: 'four cards whose names hold role, status, lag, mode and site', isReal: true, proven: [['topology.test.ts', 'the tree shows four cards whose names say']] },
  { number: 9, says: 'an applier that breaks is seen within 3 s, with its error and no lag of 0', isReal: true, proven: [['topology.test.ts', 'an applier broken by a duplicate key']] },
  { number: 10, says: 'a lag that is not known is said to be unknown on card, list, panel and search', isReal: true, proven: [['further/tree.test.ts', 'the lag of a stopped replica is unknown on card, list, panel and search']] },
  { number: 11, says: 'a server that is broken and errant shows both, readable', isReal: true, proven: [['further/tree.test.ts', 'a server that is broken and errant says both on its card, readable']] },
  { number: 12, says: 'without colours all statuses can be told apart', proven: [['further/look.test.ts', 'without colours every status is told apart']] },
  { number: 13, says: 'two findings of one server stand under their own names', isReal: true, proven: [['further/tree.test.ts', 'two findings of one server stand under their own names']] },
  { number: 14, says: 'a cluster of 1,000 servers opens at its primary: readable, few cards, few requests', proven: [['further/big.test.ts', 'a cluster of 1,000 servers opens at its primary']] },
  { number: 15, says: 'a cluster of 1,000 servers pans and fits without stopping', proven: [['further/big.test.ts', 'panning 1,000 servers draws no card anew']] },
  { number: 16, says: 'no server in trouble is hidden in a fold, and n visits each of them', proven: [['further/tree.test.ts', 'of 160 servers n visits each of the 60 in trouble']] },
  { number: 17, says: 'a filter dims, keeps paths, counts, and stands in the address', proven: [['topology.test.ts', 'a filter dims the others, counts its hits']] },
  { number: 18, says: 'long names that differ in their last digits can be told apart', isReal: true, proven: [['further/tree.test.ts', 'names of 64 letters that differ in their last digits']] },
  { number: 19, says: 'the list offers the same menu as the tree', isReal: true, proven: [['further/tree.test.ts', 'the list offers the same menu for a server as the tree']] },
  { number: 20, says: 'folding and unfolding leave the chosen card where it is on the screen', isReal: true, proven: [['further/tree.test.ts', 'leave the chosen card where it is on the screen']] },
  { number: 21, says: 'while a server is dragged every card answers in words', proven: [['topology.test.ts', 'while db142 is dragged every card answers in words']] },
  { number: 22, says: 'a refused target says why, and dropping there runs nothing', proven: [['topology.test.ts', 'dropping a server on its own replica runs nothing']] },
  { number: 23, says: 'a drop shows a plan, and after it runs the tree moves', isReal: true, proven: [['topology.test.ts', 'db142 dragged onto db141 shows a plan of three steps']] },
  { number: 24, says: 'the same by keyboard alone, and on a telephone', isReal: true, proven: [['topology.test.ts', 'the same move by keyboard alone'], ['further/acting.test.ts', 'the move is done on a telephone too']] },
  { number: 25, says: 'undo is a plan, and brings the tree back', isReal: true, proven: [['topology.test.ts', 'undo brings it back']] },
  { number: 26, says: 'a target that stops between plan and run: nothing runs, and the reason is shown', isReal: true, proven: [['further/acting.test.ts', 'when the target stops between plan and run nothing is run']] },
  { number: 27, says: 'a drop on the primary never begins a takeover by itself', isReal: true, proven: [['topology.test.ts', 'dragging a replica onto the zone of its primary only opens']] },
  { number: 28, says: 'the grip of a primary moves its other replicas, each named in the plan', isReal: true, proven: [['further/acting.test.ts', 'the grip of db140 dragged onto db141']] },
  { number: 29, says: 'a downtime of several servers stands on their cards', isReal: true, proven: [['further/acting.test.ts', 'a downtime of two chosen servers stands on both cards']] },
  { number: 30, says: 'a plan that fails half way says step, text and state, and all of it can be copied', isReal: true, proven: [['further/acting.test.ts', 'an act that fails on its server says which step']] },
  { number: 31, says: 'a dangerous act waits for the name typed exactly; Enter alone never runs it', proven: [['further/acting.test.ts', 'forgetting, resetting and replacing by force wait for a name']] },
  { number: 32, says: 'loading, hovering and dropping change nothing; changes are POST from the own origin', proven: [['further/frame.test.ts', 'loading, hovering and dropping change nothing']] },
  { number: 33, says: 'a dead primary that is not recovered says why, and Recover… shows candidates, promotes and is seen live', isReal: true, proven: [['further/acting.test.ts', 'a dead primary that is outside the filters says so']] },
  { number: 34, says: 'Recover… of a primary that may live waits for the alias', isReal: true, proven: [['further/acting.test.ts', 'forgetting, resetting and replacing by force wait for a name']] },
  { number: 35, says: 'a planned takeover waits for a lagging replica, and leaves nothing red', isReal: true, proven: [['further/acting.test.ts', 'a planned takeover waits while the replica lags']] },
  { number: 36, says: 'a recovery shows durations that sum to the whole; acknowledging counts down in other tabs', isReal: true, proven: [['failover.test.ts', 'the page of the recovery shows its stages as rows with durations'], ['failover.test.ts', 'acknowledging with a comment takes the recovery off']] },
  { number: 37, says: 'when the program stops the page says so, refuses acts, and heals', isReal: true, proven: [['topology.test.ts', 'when the program stops, the page says so'], ['further/frame.test.ts', 'behind a proxy that buffers']] },
  { number: 38, says: 'one of three managers alone says that there is no leader; a read-only user sees why nothing can be done', isReal: true, proven: [['further/alone.test.ts', 'a manager that is left alone of three'], ['further/frame.test.ts', 'who may only read sees every action']] },
  { number: 39, says: 'no English word is left in Chinese, and no element is too wide, in a pseudo-language too', proven: [['pages.test.ts', 'in Chinese no English words are left on any page'], ['further/look.test.ts', 'in Chinese no English word is left in any page, tab or dialog'], ['further/look.test.ts', 'with sentences longer by two fifths']] },
  { number: 40, says: 'axe finds nothing, on any page, in both themes and languages', proven: [['pages.test.ts', 'axe finds nothing against WCAG 2.2 AA on any page'], ['further/look.test.ts', 'axe finds nothing in any page, tab or dialog in English'], ['further/look.test.ts', 'at 320 px, as at four times the size']] },
]
