import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import { type Answer, MysqlModel, refused, type Transaction } from './mysql-model.ts'

interface Position {
  readonly origin: string
  readonly sequence: number
}

/**
 * A MariaDB 11.8 by GTID (one domain, strict mode) where it differs from MySQL: it tells and asks for one position, not sets; its source must know that very
 * position; a number that does not grow stops the applier; a relay log is thrown away by every start with both threads stopped and by every change.
 */
export class MariadbModel extends MysqlModel {
  /** `none`: by file and position, for as long as it applies what a relay log still holds. */
  using: 'none' | 'slave-pos' = 'none'
  /** gtid_slave_pos: the last that was replicated here. */
  slavePosition: Position | null = null
  /** Gtid_IO_Pos: it keeps its number when the relay log is thrown away. */
  received: Position | null = null

  override startReceiver(): Answer {
    if (this.channel.receiver === 'stopped') this.#losesByStart()
    return super.startReceiver()
  }

  override startApplier(): Answer {
    this.#losesByStart()
    return super.startApplier()
  }

  #losesByStart(): void {
    if (this.using !== 'none' && this.channel.receiver === 'stopped' && this.channel.applier === 'stopped') this.forgetRelayLog()
  }

  /** START SLAVE: both at once. */
  startBoth(): Answer {
    const receiver = this.startReceiver()
    return receiver.ok ? super.startApplier() : receiver
  }

  applyRelayLog(): Answer {
    if (this.channel.receiver !== 'stopped' || this.channel.applier !== 'stopped') return refused(1198, 'This operation cannot be performed as you have a running slave; run STOP SLAVE first')
    this.using = 'none'
    return super.startApplier()
  }

  /** `demotes`: what it wrote itself counts as replicated from here on. */
  follow(source: InstanceKey, demotes: boolean): Answer {
    if (this.channel.receiver !== 'stopped' || this.channel.applier !== 'stopped') return refused(1198, 'This operation cannot be performed as you have a running slave; run STOP SLAVE first')
    this.forgetRelayLog()
    this.using = 'slave-pos'
    if (demotes && this.position !== null) this.slavePosition = this.position
    return super.changeSource(source, { namesAutoPosition: false })
  }

  /** gtid_binlog_pos. */
  get position(): Position | null {
    return this.log.at(-1) ?? null
  }

  protected override placeIn(source: MysqlModel): { readonly at: number } | { readonly number: number; readonly text: string } {
    const from = this.channel.relay.at(-1) ?? this.slavePosition
    if (from === null) return { at: 0 }
    const at = source.log.findIndex(({ origin, sequence }) => origin === from.origin && sequence === from.sequence)
    if (at >= 0) return { at: at + 1 }
    return { number: 1236, text: `Got fatal error 1236 from master when reading data from binary log: 'Error: connecting slave requested to start from GTID ${from.sequence}, which is not in the master's binlog'` }
  }

  /** Its own are not taken from others; everything else is sent as it comes. */
  protected override has({ origin }: Transaction): boolean {
    return origin === this.uuid
  }

  protected override applierRefuses({ sequence }: Transaction): { readonly number: number; readonly text: string } | null {
    if (sequence > this.lastSequence) return null
    return { number: 1950, text: `An attempt was made to binlog GTID ${sequence} which would create an out-of-order sequence number with existing GTID ${this.lastSequence}, and gtid strict mode is enabled` }
  }

  protected override wasApplied({ origin, sequence }: Transaction): void {
    this.slavePosition = { origin, sequence }
  }

  protected override wasReceived({ origin, sequence }: Transaction): void {
    this.received = { origin, sequence }
  }

  override start(): void {
    // Both threads stood when it ended, and are started by GTID.
    if (this.state === 'down' && this.using !== 'none') this.forgetRelayLog()
    super.start()
  }

  override resetReplica(): Answer {
    const answer = super.resetReplica()
    if (answer.ok) this.received = null
    return answer
  }
}
