import { existsSync } from 'node:fs'
import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cacheFolder } from '../harness/sandbox/cache-folder.ts'
import { fetchDebianPackages, fetchedFolders, isDebian } from '../harness/sandbox/debian-packages.ts'

/** Beside the browser: a typeface for Latin and one for Chinese, so that pictures look the same on any machine. */
const packages = ['chromium', 'fonts-dejavu-core', 'fonts-noto-cjk'] as const
const installed = '/usr/bin/chromium'

/** The browser for tests: the one named by `CHROMIUM`, else the machine's, else the newest fetched before, else fetched now from Debian. */
export async function chromiumBinary(say: (line: string) => void = () => {}): Promise<string> {
  const named = process.env['CHROMIUM'] ?? ''
  if (named !== '') {
    if (!existsSync(named)) throw new Error(`CHROMIUM names ${named}, which does not exist`)
    return named
  }
  if (existsSync(installed)) return installed
  const [newest] = await fetchedFolders('chromium')
  return unpackedChromium(newest ?? (await fetchChromium(say)))
}

/** Fetches the newest Chromium of Debian's unstable suite, without root. Answers its folder. */
export async function fetchChromium(say: (line: string) => void): Promise<string> {
  if (!(await isDebian())) {
    throw new Error(
      "The browser is fetched from Debian's packages, and this system is not Debian (or lacks apt-get, apt-cache, dpkg-deb). " +
        'Install Chromium and set CHROMIUM to its path.',
    )
  }
  return fetchDebianPackages('chromium', packages, say)
}

/** A small program that starts the unpacked browser with its own loader, libraries and typefaces, so that the machine's may be older or missing. */
export async function unpackedChromium(folder: string): Promise<string> {
  const library = join(folder, 'usr', 'lib')
  const triplet = (await readdir(library)).find(name => name.includes('-linux-'))
  const loader = triplet === undefined ? undefined : (await readdir(join(library, triplet))).find(name => /^ld-linux.*\.so\.\d+$/.test(name))
  if (triplet === undefined || loader === undefined) throw new Error(`no program loader (ld-linux…) under ${library}; remove the folder to fetch it again`)
  const own = join(cacheFolder(), 'chromium')
  await mkdir(own, { recursive: true })
  const fonts = join(own, 'fonts.conf')
  await writeFile(
    fonts,
    `<?xml version="1.0"?>\n<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n<fontconfig><dir>${join(folder, 'usr', 'share', 'fonts')}</dir><dir>/usr/share/fonts</dir><cachedir>${join(own, 'fonts')}</cachedir></fontconfig>\n`,
  )
  const libraries = [join(library, triplet), join(library, 'chromium'), ...(await subfolders(join(library, triplet)))].join(':')
  const browser = join(library, 'chromium', 'chromium')
  // The browser looks for its resources beside the running program, which is the loader: so the loader stands beside them.
  const ownLoader = join(library, 'chromium', 'loader')
  await copyFile(join(library, triplet, loader), ownLoader)
  const program = join(own, 'chromium.sh')
  // Its child processes must be started the same way and not as copies of the running program: hence the two options.
  await writeFile(
    program,
    `#!/bin/sh\nexport FONTCONFIG_FILE='${fonts}'\nexec '${ownLoader}' --library-path '${libraries}' '${browser}' --no-zygote --browser-subprocess-path='${program}' "$@"\n`,
    { mode: 0o755 },
  )
  return program
}

/** Folders of libraries below the main one (pulseaudio and the like put theirs there). */
async function subfolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  return entries.filter(entry => entry.isDirectory()).map(entry => join(folder, entry.name))
}
