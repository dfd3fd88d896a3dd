import { spawnSync } from 'node:child_process'
import { closeSync, openSync, rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'

const blockBytes = 4096

/** Why no small disk can be made here; null: it can. */
export function whyNoSmallDisk(): string | null {
  if (process.getuid?.() !== 0) return 'a disk can be mounted by root alone'
  const { status, stderr } = spawnSync('unshare', ['--mount', 'mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', '/mnt'], { encoding: 'utf8' })
  return status === 0 ? null : `no disk can be mounted: ${stderr.trim()}`
}

/** A disk of its own at a folder, small enough to be filled to its last block. */
export class SmallDisk {
  readonly path: string

  constructor(path: string, megabytes: number) {
    this.path = path
    const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', path], { encoding: 'utf8' })
    if (status !== 0) throw new Error(`mount: ${stderr}`)
  }

  /** Writes until no block is left; the same again takes what has become free meanwhile. */
  fill(): void {
    const file = openSync(join(this.path, 'filling'), 'a')
    const block = Buffer.alloc(blockBytes, 1)
    try {
      for (;;) if (writeSync(file, block) < blockBytes) return // ends with the last block
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error) || error.code !== 'ENOSPC') throw error
    } finally {
      closeSync(file)
    }
  }

  free(): void {
    rmSync(join(this.path, 'filling'), { force: true })
  }

  [Symbol.dispose](): void {
    spawnSync('umount', ['--lazy', this.path])
  }
}
