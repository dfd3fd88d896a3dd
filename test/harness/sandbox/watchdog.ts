import { type ChildProcess, spawn } from 'node:child_process'

/**
 * Ends the servers under `folder` and removes it when this process ends, however it ends: the watchdog reads from a pipe that only we hold.
 * It lives in its own session, so that Ctrl-C in a terminal does not reach it, and needs nothing but a shell.
 *
 * The order matters: a server is started by `startGuarded`, which writes its process id and *then* looks for the file `closing`; the watchdog
 * makes `closing` and *then* reads the ids. Whichever comes first, no server is missed. An id is only ended if its command line names the
 * folder: the number may belong to another process by now.
 */
export function startWatchdog(folder: string): Watchdog {
  const child = spawn('/bin/sh', ['-c', script, 'sandbox-watchdog', folder], { stdio: ['pipe', 'ignore', 'ignore'], detached: true, cwd: '/' })
  child.unref()
  if ('unref' in child.stdin && typeof child.stdin.unref === 'function') child.stdin.unref()
  return new Watchdog(child)
}

export class Watchdog {
  readonly #child: ChildProcess

  constructor(child: ChildProcess) {
    this.#child = child
  }

  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Lets go of the pipe: everything is ended and removed when this resolves. */
  async release(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const ended = new Promise<void>(resolve => this.#child.once('exit', () => resolve()))
    this.#child.ref()
    this.#child.stdin?.end()
    await ended
  }
}

/** The command that starts `program` in a folder that a watchdog guards. The process id of the answer is the program's own. */
export function startGuarded(sandboxFolder: string, serverFolder: string, program: readonly string[]): ChildProcess {
  return spawn('/bin/sh', ['-c', guard, 'sandbox-guard', sandboxFolder, serverFolder, ...program], { stdio: 'ignore', detached: true, cwd: '/' })
}

const guard = `
sandbox=$1; server=$2; shift 2
echo $$ > "$server/pid" || exit 1
[ -e "$sandbox/closing" ] && exit 1
exec "$@"
`

const script = `
folder=$1
cat > /dev/null
: > "$folder/closing"
for file in "$folder"/*/pid; do
  [ -e "$file" ] || continue
  read -r pid < "$file"
  if [ -r "/proc/$pid/cmdline" ]; then args=$(tr '\\0' ' ' < "/proc/$pid/cmdline"); else args=$(ps -o args= -p "$pid" 2>/dev/null); fi
  case "$args" in *"$folder"*) kill -KILL "$pid" 2>/dev/null ;; esac
done
tries=0
while [ -d "$folder" ] && [ $tries -lt 50 ]; do
  rm -rf "$folder" 2>/dev/null
  tries=$((tries + 1))
  [ -d "$folder" ] && sleep 0.1
done
`
