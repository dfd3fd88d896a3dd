import { readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { EtcdClient } from '../adapters/etcd/etcd-client.ts'
import { etcdEndpoints, type EtcdOptions, usualEtcdLimits } from '../adapters/etcd/options.ts'
import type { EtcdSettings } from '../adapters/etcd/settings.ts'
import { EtcdGroup } from '../engine/group/etcd-group.ts'
import { usualEtcdPolicy } from '../engine/group/etcd-policy.ts'
import { etcdReason } from '../engine/group/etcd-reasons.ts'
import type { Command } from '../engine/journal/commands.ts'
import { GroupProposer } from '../engine/journal/group-proposer.ts'
import type { Proposer } from '../engine/journal/journal.ts'
import { commandTable, SharedWorld } from '../engine/journal/shared-world.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import { CommandMachine } from '../engine/raft/command-machine.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import type { RaftWish } from './group.ts'
import { parseListenAddress } from './listen-address.ts'

export interface EtcdWish extends Omit<RaftWish, 'settings'> {
  readonly settings: EtcdSettings
}

/** This process as one of several managers that an etcd makes one. */
export interface EtcdManagers {
  readonly group: EtcdGroup<Command>
  readonly world: SharedWorld
  readonly proposer: Proposer
  readonly parts: GroupParts
  tellServers(): Promise<void>
  noteBackend(): void
  close(): Promise<void>
}

/** Servers that the leader knows and the group does not are told of so often, and so many at once. */
const tellServersMilliseconds = 2000
const serversAtOnce = 500

/** A manager whose own database was not written to for so long hands over, and ends after so long: as under Raft. */
const backendMilliseconds = { yields: 5000, ends: 30_000 }

/** Opens the way to etcd; who leads shows in the standing. The failure is a sentence for the operator. */
export function openEtcd(wish: EtcdWish): Result<EtcdManagers, string> {
  const { settings, store, inventory, audit, clock, random, log, fatal } = wish
  const options = optionsOf(settings)
  if (!options.ok) return options
  const { name, uri } = ownAddress(wish)
  const world = new SharedWorld({ memory: store.shared, remembered: inventory, audit })
  const etcd = new EtcdClient(options.value)
  const group = new EtcdGroup<Command>({
    etcd, clock, random, machine: new CommandMachine(commandTable, world), prefix: settings.prefix, name, uri,
    policy: { ...usualEtcdPolicy, leaseSeconds: settings.leaseSeconds, keepMilliseconds: Math.min(usualEtcdPolicy.keepMilliseconds * settings.leaseSeconds / usualEtcdPolicy.leaseSeconds, 3000) },
    events: { trouble: text => log.warning('etcd did not do what was asked of it', { text }), failed: text => fatal(`This manager can take no part any more: ${text}`) },
  })
  const proposer = new GroupProposer({ group, world, random, clock })
  const cancels: (() => void)[] = []
  const adopt = (): void => {
    if (group.isLeader() && world.isUnnamed) void proposer.adopt().catch((error: unknown) => log.warning('the memory of this member could not be made that of the group yet', { text: String(error) }))
  }
  const tellServers = async (): Promise<void> => {
    if (!group.isLeader() || world.isUnnamed) return
    const known = new Set(await store.shared.known())
    const news = [...inventory.topology.instances.keys()].filter(key => !known.has(key))
    for (let from = 0; from < news.length; from += serversAtOnce) await proposer.propose({ do: 'know-servers', keys: news.slice(from, from + serversAtOnce) })
  }
  let backendAt = clock.monotonic()
  const round = (): void => {
    adopt()
    void tellServers().catch((error: unknown) => log.warning('the group could not be told which servers there are', { text: String(error) }))
    const silent = clock.monotonic() - backendAt
    if (silent > backendMilliseconds.ends) fatal('Node is unable to register health. Please check database connnectivity and/or time synchronisation.')
    else if (silent > backendMilliseconds.yields) void group.stepAside(null)
    cancels[0] = clock.after(tellServersMilliseconds, round)
  }
  cancels.push(clock.after(tellServersMilliseconds, round), group.onStanding(adopt))
  const parts: GroupParts = {
    standing: () => group.standing(), onStanding: listener => group.onStanding(listener), raft: null,
    // Taking the office would leave its holder believing for a moment that it still has it; it can be asked to give it up.
    election: { grab: () => Promise.resolve(etcdReason('etcd-not-grabbed', {})), reelect: () => group.stepAside(null) },
  }
  const close = async (): Promise<void> => {
    for (const cancel of cancels) cancel()
    await group.close()
    etcd.close()
  }
  return ok({ group, world, proposer, parts, tellServers, noteBackend: () => { backendAt = clock.monotonic() }, close })
}

function optionsOf(settings: EtcdSettings): Result<EtcdOptions, string> {
  const [first, ...others] = etcdEndpoints(settings.endpoints ?? []).endpoints
  if (first === undefined) return fail('EtcdEndpoints names no address')
  const read = (file: string): Buffer | undefined => (file === '' ? undefined : readFileSync(file))
  try {
    const [ca, cert, key] = [settings.authorityFile, settings.certificateFile, settings.keyFile].map(read)
    return ok({
      endpoints: [first, ...others], login: settings.user === '' ? null : { user: settings.user, password: settings.password }, limits: usualEtcdLimits,
      tls: { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) },
    })
  } catch (error) {
    return fail(`The certificates towards etcd cannot be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** The name is where the others reach its HTTP API: no two managers have the same. */
function ownAddress({ settings, listenAddress, usesTls }: EtcdWish): { readonly name: string; readonly uri: string } {
  const scheme = usesTls ? 'https' : 'http'
  if (settings.httpAdvertise !== '') {
    const uri = settings.httpAdvertise.includes('://') ? settings.httpAdvertise : `${scheme}://${settings.httpAdvertise}`
    return { name: new URL(uri).host, uri }
  }
  const listens = parseListenAddress(listenAddress)
  const [host, port] = listens.ok ? [listens.value.host, listens.value.port] : ['', 3000]
  const own = host === '' || host === '0.0.0.0' || host === '::' ? hostname() : host
  const name = `${own.includes(':') ? `[${own}]` : own}:${port}`
  return { name, uri: `${scheme}://${name}` }
}
