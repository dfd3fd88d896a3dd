import type { Contract } from '../../../contract/all.ts'
import { ok } from '../../../kit/result.ts'
import { compareKeys, type InstanceKey } from '../../../model/topology/instance-key.ts'
import { hasTags, parseTag, parseTags, type TagAsked } from '../../../model/topology/tag.ts'
import type { InstanceTag } from '../../../ports/store-facts.ts'
import type { Handler, Outcome } from '../handler.ts'
import type { OperationParts } from '../parts.ts'
import { operationReason, refuse } from '../refusals.ts'
import { readsStore } from '../store-away.ts'

interface Given {
  readonly tag?: string | undefined
  readonly tagName?: string | undefined
  readonly tagValue?: string | undefined
}

/** The tag as a text, or else by name and value, of which the value does not count as given when it is asked for. */
function asked({ tag = '', tagName = '' }: Given): Outcome<TagAsked> {
  if (tag === '' && tagName === '') return refuse(operationReason('tag-unnamed', {}))
  if (tag === '') return ok({ name: tagName, value: null, isNegated: false })
  const parsed = parseTag(tag)
  return parsed.ok ? parsed : refuse(operationReason('tag-unreadable', { text: parsed.failure }))
}

const tags: Handler<Contract['tags']> = async ({ instance }, parts) => ok((await parts.store.tags.list({ key: instance })).map(({ name, value }) => `${name}=${value}`))

const tagValue: Handler<Contract['tag-value']> = async (input, parts) => {
  const wanted = asked(input)
  if (!wanted.ok) return wanted
  const { name } = wanted.value
  const found = (await parts.store.tags.list({ key: input.instance, name }))[0]
  return found === undefined ? refuse(operationReason('tag-missing', { name, instance: input.instance })) : ok(found.value)
}

const tagged: Handler<Contract['tagged']> = async ({ tag = '' }, parts) => {
  const wanted = parseTags(tag)
  if (!wanted.ok) return refuse(operationReason('tag-unreadable', { text: wanted.failure }))
  const byServer = Map.groupBy(await parts.store.tags.list({}), ({ key }) => key)
  return ok([...byServer].filter(([, all]) => hasTags(all, wanted.value)).map(([key]) => key).sort(compareKeys))
}

const tag: Handler<Contract['tag']> = async (input, parts) => {
  const wanted = asked(input)
  if (!wanted.ok) return wanted
  const { name, isNegated } = wanted.value
  if (isNegated) return refuse(operationReason('tag-negated', {}))
  const value = (input.tag ?? '') === '' ? (input.tagValue ?? '') : (wanted.value.value ?? '')
  await parts.journal.propose({ do: 'put-tag', tag: { key: input.instance, name, value }, at: parts.clock.now() })
  return ok({ instance: input.instance, tag: `${name}=${value}` })
}

const untag: Handler<Contract['untag']> = async (input, parts) => {
  const wanted = asked(input)
  if (!wanted.ok) return wanted
  return remove(wanted.value, await parts.store.tags.list({ key: input.instance, name: wanted.value.name }), parts)
}

const untagAll: Handler<Contract['untag-all']> = async (input, parts) => {
  const wanted = asked(input)
  if (!wanted.ok) return wanted
  if (wanted.value.value === null) return refuse(operationReason('untag-all-without-value', {}))
  return remove(wanted.value, await parts.store.tags.list({ name: wanted.value.name }), parts)
}

async function remove(
  { name, value, isNegated }: TagAsked, found: readonly InstanceTag[], parts: OperationParts,
): Promise<Outcome<{ readonly name: string; readonly removed: readonly InstanceKey[] }>> {
  if (isNegated) return refuse(operationReason('tag-negated', {}))
  const removed = found.filter(tag => value === null || tag.value === value).map(({ key }) => key)
  if (removed.length > 0) await parts.journal.propose({ do: 'remove-tag', keys: removed, name })
  return ok({ name, removed })
}

export const tagHandlers = { 'tags': readsStore(tags), 'tag-value': readsStore(tagValue), 'tagged': readsStore(tagged), 'tag': tag, 'untag': untag, 'untag-all': untagAll }
