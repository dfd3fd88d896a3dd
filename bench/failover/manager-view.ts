import { clusterAlias } from '../../test/harness/cluster/manager.ts'
import type { World } from '../../test/harness/cluster/world.ts'
import type { ClusterView, FindingView, RecoverySummary, ServerView } from '../../src/contract/views.ts'

/** What the program knows, over its own interface. */
export class ManagerView {
  readonly #world: World

  constructor(world: World) {
    this.#world = world
  }

  async members(): Promise<readonly ServerView[]> {
    return (await this.#world.manager.get<ClusterView>(`/api/v2/clusters/${clusterAlias}`)).members
  }

  async findings(): Promise<readonly FindingView[]> {
    return (await this.#world.manager.get<{ findings: readonly FindingView[] }>('/api/v2/findings')).findings
  }

  /** The newest recovery that began after a moment. */
  async recoverySince(since: number): Promise<RecoverySummary | null> {
    const { recoveries } = await this.#world.manager.get<{ recoveries: readonly RecoverySummary[] }>('/api/v2/recoveries')
    return recoveries.find(({ startedAt }) => startedAt >= Math.floor(since)) ?? null
  }

  async look(name: string): Promise<void> {
    await this.#world.manager.get(`/api/discover/${this.#world.path(name)}`)
  }
}
