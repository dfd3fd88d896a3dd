/** Every address that no operation of the contract has: what is read, and what is no JSON. */

type Entry = Readonly<Record<string, unknown>>

const named = (path: string): readonly Entry[] =>
  [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({ name, in: 'path', required: true, schema: { type: 'string' } }))

const inQuery = (names: Readonly<Record<string, string>>): readonly Entry[] => Object.entries(names).map(([name, description]) => ({ name, in: 'query', description, schema: { type: 'string' } }))

const reads = (path: string, summary: string, query: Readonly<Record<string, string>> = {}): Entry => {
  const parameters = [...named(path), ...inQuery(query)]
  return { [path]: { get: { summary, ...(parameters.length === 0 ? {} : { parameters }), responses: { 200: { description: summary } } } } }
}

const asked = (path: string, summary: string, description: string): Entry => ({ [path]: { post: { summary, responses: { 200: { description } } } } })

const page = { page: 'From 0, 20 a page.' }

export const ownPaths: Entry = {
  ...reads('/api/v2/me', 'Who is asking, what they may do, and what the page needs to know of the settings.'),
  ...reads('/api/v2/status', 'How this process is.'),
  ...reads('/api/v2/status/hour', 'The work of this process in the last hour, in steps of 15 s: readings, writes, how long they took, what waited.'),
  ...reads('/api/v2/group', 'The managers as one: who leads, who is there, how far each is, and how many more may fail.'),
  ...reads('/api/v2/group/leader', 'The same as the manager that leads knows it: it alone hears all members. Without a leader, as this one knows it.'),
  ...reads('/api/v2/clusters', 'One row per cluster.'),
  ...reads('/api/v2/clusters/{hint}', 'Everything about one cluster, by name, alias, member or former name.'),
  ...reads('/api/v2/clusters/{hint}/writer', 'For load balancers: 200 where the server takes the writes of the cluster, else 503.', { server: 'host:port; without it, or HAProxy’s own header: whether the cluster has a writer.' }),
  ...reads('/api/v2/findings', 'What is wrong now, with evidence and outlook.'),
  ...reads('/api/v2/settings', 'The settings in force at this manager, secrets masked, and what reading its files again would change. Only for whoever may change something.'),
  ...reads('/api/v2/servers', 'Every server, by name, for finding one.'),
  ...reads('/api/v2/detections', 'What was noticed, newest first, 20 a page, and what followed.', { ...page, id: 'One of them.', alias: 'Of one cluster.' }),
  ...reads('/api/v2/recoveries', 'Recoveries, newest first, 20 a page.', { ...page, cluster: 'The name that it had.', alias: 'Its alias.', unacknowledged: 'true: only those.', active: 'true: only those that run.' }),
  ...reads('/api/v2/recoveries/{uid}', 'One recovery with its steps.'),
  ...reads('/api/v2/recoveries/{uid}/story', 'A recovery told to its end: evidence, decisions, steps with times, what was at risk, the topology before and after.'),
  ...reads('/api/v2/recoveries/{uid}/story.md', 'The same as Markdown, in English.'),
  ...reads('/api/v2/history', 'For how long, and in how many bytes, it is kept how the topology stood; and when something changed.', { cluster: 'Name, alias or member of one cluster.' }),
  ...reads('/api/v2/history/picture', 'The servers as they stood at a moment.', { at: 'Milliseconds since 1970, or a time as 2026-11-23T03:11:02Z.', cluster: 'Name, alias or member of one cluster as it is known now.' }),
  ...reads('/api/v2/history/changes', 'How two moments differ, and every change between them.', { from: 'As at.', to: 'As at; without it: now.', cluster: 'Name, alias or member of one cluster as it is known now.' }),
  ...reads('/api/v2/audit', 'What was done, newest first, 20 a page.', {
    ...page, server: 'host:port', cluster: 'Name, alias or a member.', kind: 'Part of the kind.', person: 'Who asked, as the message names them.', message: 'Part of the message.',
    from: 'Ms since 1970.', to: 'Ms since 1970.', before: 'Only entries with a lower number.', rows: '1 to 500, in place of 20.',
  }),
  ...reads('/api/v2/operations', 'Operations that run, and those that ended lately.'),
  ...asked('/api/v2/targets', 'What the given servers may follow, and why not what.', 'A verdict for each known server.'),
  ...asked('/api/v2/recovery-dry-run', 'What a recovery of the given server would do now.', 'Candidates, stages, hooks.'),
  ...reads('/api/v2/events', 'Server-sent events: hello, heartbeat, cluster, clusters, findings, recovery, operation, status, audit.'),
  ...reads('/api/v2/openapi.json', 'This document.'),
  ...reads('/api/headers', 'The headers of the request, as they came; what lets somebody in is hidden.'),
  ...reads('/metrics', 'For Prometheus.'),
  ...reads('/debug/metrics', 'The original’s figures in one object, with cmdline and memstats.'),
  ...reads('/debug/vars', 'The same as /debug/metrics.'),
  ...reads('/web/access-token', 'Takes a token that the command line made, and gives it to the browser as a cookie (AuthenticationMethod token).', { publicToken: 'What access-token printed.' }),
  ...reads('/web/sign-in', 'Sends the browser to the OpenID provider (AuthenticationMethod oauth).', { to: 'Where it wants to go afterwards.' }),
  ...reads('/web/signed-in', 'Where the OpenID provider sends it back to.'),
  ...reads('/web/sign-out', 'Ends the session.'),
}
