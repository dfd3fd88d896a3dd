import type { InstanceKey } from '../model/topology/instance-key.ts'
import { operation, optional, required } from './operation.ts'

const tagged = { tag: optional.text('name, or name=value.') }

export const tagsOfInstance = operation<readonly string[]>()({
  name: 'tags',
  says: 'The tags of a server, as name=value.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.') },
  former: { routes: ['tags/:host/:port'], commands: ['tags'], section: 'tags', answers: 'bare' },
})

export const tagValue = operation<string>()({
  name: 'tag-value',
  says: 'The value of one tag of a server.',
  on: 'instance', access: 'read', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.'), ...tagged, tagName: optional.text('The name, where no tag is given.') },
  former: { routes: ['tag-value/:host/:port', 'tag-value/:host/:port/:tagName'], commands: ['tag-value'], section: 'tags', answers: 'bare' },
})

export const taggedInstances = operation<readonly InstanceKey[]>()({
  name: 'tagged',
  says: 'Servers that have all of the tags: name, name=value, ~name (some tag, but not this one), parted by commas.',
  on: 'fleet', access: 'read', dangerLevel: 1, plans: false,
  input: { tag: optional.text('The tags, parted by commas.') },
  former: { routes: ['tagged'], commands: ['tagged'], section: 'tags', answers: 'bare' },
})

export const tag = operation<{ readonly instance: InstanceKey; readonly tag: string }>()({
  name: 'tag',
  says: 'Give a server a tag; a value that it had under that name is replaced.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: {
    instance: required.instance('The server; it need not be known.'), ...tagged,
    tagName: optional.text('The name, where no tag is given.'), tagValue: optional.text('The value, where no tag is given.'),
  },
  former: { routes: ['tag/:host/:port', 'tag/:host/:port/:tagName/:tagValue'], commands: ['tag'], section: 'tags', answers: 'envelope', wasOpen: true },
})

export const untag = operation<{ readonly name: string; readonly removed: readonly InstanceKey[] }>()({
  name: 'untag',
  says: 'Take a tag from a server; with name=value only if it has that value.',
  on: 'instance', access: 'write', dangerLevel: 1, plans: false,
  input: { instance: required.instance('The server.'), ...tagged, tagName: optional.text('The name, where no tag is given.') },
  former: { routes: ['untag/:host/:port', 'untag/:host/:port/:tagName'], commands: ['untag'], section: 'tags', answers: 'envelope', wasOpen: true },
})

export const untagAll = operation<{ readonly name: string; readonly removed: readonly InstanceKey[] }>()({
  name: 'untag-all',
  says: 'Take a tag from all servers that have it with that value.',
  on: 'fleet', access: 'write', dangerLevel: 1, plans: false,
  input: {
    tag: optional.text('name=value; a value is required.'),
    tagName: optional.text('Never enough: the value is read from the tag only.'), tagValue: optional.text('Never enough: the value is read from the tag only.'),
  },
  former: { routes: ['untag-all', 'untag-all/:tagName/:tagValue'], commands: ['untag-all'], section: 'tags', answers: 'envelope', wasOpen: true },
})
