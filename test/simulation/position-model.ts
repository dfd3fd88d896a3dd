import type { InstanceKey } from '../../src/model/topology/instance-key.ts'
import { type Answer, done, MysqlModel, refused, type Transaction } from './mysql-model.ts'

/** Where a binary log begins: each transaction is one byte long. */
export const beginning = 200

/** A MySQL without GTID: a replica knows how far it has read and executed one log, and takes whatever stands there for what comes next. */
export class PositionModel extends MysqlModel {
  /** How many transactions of its source's log it has read. */
  #read = 0

  get ownPosition(): number {
    return beginning + this.log.length
  }

  get readPosition(): number {
    return beginning + this.#read
  }

  get executedPosition(): number {
    return this.readPosition - this.channel.relay.length
  }

  /** Both threads stand; it goes on at that place of the other log. */
  followAt(source: InstanceKey, position: number): Answer {
    if (this.channel.receiver !== 'stopped' || this.channel.applier !== 'stopped') return refused(3081, 'This operation cannot be performed with running replication threads')
    const answer = super.changeSource(source, { namesAutoPosition: false })
    this.#read = position - beginning
    return answer
  }

  /** Its log is the same as that of its present source. Where the applier runs, what was read is kept. */
  followAlike(source: InstanceKey): Answer {
    if (this.channel.receiver !== 'stopped') return refused(3021, 'This operation cannot be performed with a running replica io thread')
    if (this.channel.applier === 'stopped') return this.followAt(source, this.executedPosition)
    this.channel.source = source
    return done
  }

  protected override placeIn(source: MysqlModel): { readonly at: number } | { readonly number: number; readonly text: string } {
    if (this.#read <= source.log.length) return { at: this.#read }
    return { number: 13_114, text: "Got fatal error 1236 from source when reading data from binary log: 'Client requested source to start replication from position > file size'" }
  }

  protected override has(): boolean {
    return false
  }

  protected override wasReceived(): void {
    this.#read += 1
  }

  /** What is there already is there twice, and no key allows that; its own comes back and is passed over. */
  protected override applierRefuses({ origin, number }: Transaction): { readonly number: number; readonly text: string } | null {
    return origin !== this.uuid && this.executed.has(origin, number) ? { number: 1062, text: 'Duplicate entry' } : null
  }
}
