import type { Json, ManagerAbout } from '../../ports/group.ts'

/** What a manager tells of itself to others, member of a group or not. */
export interface Introduction {
  readonly name: string
  readonly disk: string
  /** Where its HTTP API is reached. */
  readonly uri: string | null
  /** The group that its disk belongs to; null: it has no data. */
  readonly group: string | null
  /** The member that leads there, as far as it hears. */
  readonly leader: string | null
  /** Nothing stands on its disk but that the group began. */
  readonly isPristine: boolean
  /** It may begin a group: it did not lose data that it had. */
  readonly mayFound: boolean
  /** Names of RaftNodes, in their order. */
  readonly nodes: readonly string[]
  /** Absent: it is of a version that does not tell. */
  readonly about?: ManagerAbout
}

export type RaftQuestion =
  | { readonly ask: 'who' ; readonly who: Introduction }
  /** You are among those with whom a group begins. */
  | { readonly ask: 'begin'; readonly who: Introduction; readonly group: string; readonly voters: readonly string[] }
  /** Take me in. */
  | { readonly ask: 'join'; readonly who: Introduction }
  /** Something of the program above: `topic` says whose it is. */
  | { readonly ask: 'other'; readonly who: Introduction; readonly topic: string; readonly body: Json }

/** `founding`: with whom the group began, where its log still tells so; a member of them begins in the same way. */
export type JoinAnswer = { readonly taken: true; readonly group: string; readonly founding: readonly string[] } | { readonly taken: false; readonly why: string }

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '' && value.length <= 300
const isTextOrNull = (value: unknown): value is string | null => value === null || isText(value)
const areTexts = (value: unknown): value is readonly string[] => Array.isArray(value) && value.length <= 64 && value.every(isText)

/** Throws on what is no introduction: the connection then ends with the reason. */
export function readIntroduction(given: unknown): Introduction {
  if (typeof given !== 'object' || given === null) throw new TypeError('no introduction where one was expected')
  const { name, disk, uri, group, leader, isPristine, mayFound, nodes, about } = given as Record<string, unknown> // looked at here
  if (!isText(name) || !isText(disk) || !isTextOrNull(uri) || !isTextOrNull(group) || !isTextOrNull(leader) || typeof isPristine !== 'boolean' || typeof mayFound !== 'boolean' || !areTexts(nodes))
    throw new TypeError('an introduction that lacks something')
  const told = aboutIn(about)
  return { name, disk, uri, group, leader, isPristine, mayFound, nodes, ...(told === null ? {} : { about: told }) }
}

/** Only shown to people: one that cannot be read is as good as none. */
function aboutIn(given: unknown): ManagerAbout | null {
  if (typeof given !== 'object' || given === null) return null
  const { version, backend } = given as Record<string, unknown> // looked at here
  return isText(version) && isText(backend) ? { version, backend } : null
}

export function readQuestion(given: Json): RaftQuestion {
  if (typeof given !== 'object' || given === null || !('ask' in given)) throw new TypeError('no question where one was expected')
  const who = readIntroduction(given['who'])
  const { ask, group, voters, topic, body } = given
  switch (ask) {
    case 'who': case 'join': return { ask, who }
    case 'begin':
      if (!isText(group) || !areTexts(voters)) throw new TypeError('a group that names itself or its members not')
      return { ask, who, group, voters }
    case 'other':
      if (!isText(topic)) throw new TypeError('a question without a topic')
      return { ask, who, topic, body: body ?? null }
    default: throw new TypeError(`a question ${JSON.stringify(ask)} is not known to this version`)
  }
}

export function readJoinAnswer(given: Json): JoinAnswer {
  if (typeof given !== 'object' || given === null || !('taken' in given)) throw new TypeError('no answer to joining where one was expected')
  const { taken, group, founding, why } = given
  if (taken === true && isText(group) && areTexts(founding)) return { taken, group, founding }
  return { taken: false, why: isText(why) ? why : 'no reason was given' }
}
