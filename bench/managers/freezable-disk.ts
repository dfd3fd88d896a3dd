import { execFileSync } from 'node:child_process'
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync } from 'node:fs'

const bytes = 512 * 1024 * 1024

/** A file system in a file, which can be made to stand still: whatever writes to it, or synchronises, waits until it is thawed. Needs root. */
export class FreezableDisk implements Disposable {
  readonly path: string
  readonly #image: string
  #isFrozen = false

  private constructor(path: string, image: string) {
    this.path = path
    this.#image = image
  }

  static make(path: string): FreezableDisk {
    const image = `${path}.image`
    const file = openSync(image, 'w')
    ftruncateSync(file, bytes)
    closeSync(file)
    mkdirSync(path)
    execFileSync('mkfs.ext4', ['-q', '-F', image])
    execFileSync('mount', ['-o', 'loop', image, path])
    return new FreezableDisk(path, image)
  }

  freeze(): void {
    execFileSync('fsfreeze', ['--freeze', this.path])
    this.#isFrozen = true
  }

  thaw(): void {
    if (!this.#isFrozen) return
    execFileSync('fsfreeze', ['--unfreeze', this.path])
    this.#isFrozen = false
  }

  [Symbol.dispose](): void {
    this.thaw()
    execFileSync('umount', [this.path])
    rmSync(this.#image, { force: true })
  }
}
