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
import { commandTable, SharedWorld } from '../engine/journal/shared-world.ts'
import type { GroupParts } from '../engine/operations/group-parts.ts'
import { CommandMachine } from '../engine/raft/command-machine.ts'
import { fail, ok, type Result } from '../kit/result.ts'
import type { RaftWish } from './group.ts'
import { parseListenAddress } from './listen-address.ts'
import { keepOwnMemory, type Managers, rememberServers } from './own-memory.ts'

export interface EtcdWish extends Omit<RaftWish, 'settings'> {
  readonly settings: EtcdSettings
}

export type EtcdManagers = Managers<EtcdGroup<Command>>

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
  const proposer = new GroupProposer({ group, world, random, clock, beforeAdopting: () => rememberServers(store, inventory) })
  const memory = keepOwnMemory({ group, world, proposer, store, inventory, clock, log, fatal })
  const parts: GroupParts = {
    standing: () => group.standing(), onStanding: listener => group.onStanding(listener), raft: null,
    // Taking the office would leave its holder believing for a moment that it still has it; it can be asked to give it up.
    election: { grab: () => Promise.resolve(etcdReason('etcd-not-grabbed', {})), reelect: () => group.stepAside(null) },
  }
  const close = async (): Promise<void> => {
    memory.close()
    await group.close()
    etcd.close()
  }
  return ok({ group, world, proposer, parts, tellServer: memory.tellServer, noteBackend: memory.noteBackend, close })
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
