import type { SandboxServer } from '../sandbox/sandbox-server.ts'

/** Keeps a session open that holds what its statement took (a lock, a transaction), until it is released. */
export async function hold(server: SandboxServer, statement: string): Promise<{ release(): Promise<void> }> {
  const connection = await server.connect()
  await connection.query(statement)
  return { release: () => connection.end() }
}
