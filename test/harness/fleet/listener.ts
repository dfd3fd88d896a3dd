import { createServer, type Server, type Socket } from 'node:net'
import type { Behaviour, FakeServer } from './fake-server.ts'
import { Session, type SessionContext } from './session.ts'

const backlog = 128

/** The port of one fake server, and the connections to it. */
export class Listener {
  readonly server: FakeServer
  behaviour: Behaviour = 'answer'
  readonly #context: SessionContext
  readonly #sockets = new Set<Socket>()
  #listening: Server | null = null

  constructor(context: Omit<SessionContext, 'behaviour'>) {
    this.server = context.server
    this.#context = { ...context, behaviour: () => this.behaviour }
  }

  /** `hang` leaves open connections open and silent; any other change ends them. */
  async behave(behaviour: Behaviour): Promise<void> {
    const wasHanging = this.behaviour === 'hang'
    this.behaviour = behaviour
    if (behaviour === 'refuse') return this.close()
    if (wasHanging && behaviour === 'answer') this.#endSessions()
    if (this.#listening === null) await this.#listen()
  }

  async close(): Promise<void> {
    this.#endSessions()
    const listening = this.#listening
    this.#listening = null
    if (listening !== null) await new Promise(resolve => listening.close(resolve))
  }

  #endSessions(): void {
    for (const socket of this.#sockets) socket.destroy()
  }

  #listen(): Promise<void> {
    const listening = createServer({ noDelay: true }, socket => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
      Session.begin(socket, this.#context)
    })
    this.#listening = listening
    return new Promise((resolve, reject) => {
      listening.once('error', reject)
      listening.listen({ host: this.server.host, port: this.server.port, backlog }, () => {
        listening.removeListener('error', reject)
        resolve()
      })
    })
  }
}
