import { readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, relative, sep } from 'node:path'
import { type Answer, notFound, plainText, redirect } from './exchange.ts'

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=UTF-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml',
  '.png': 'image/png', '.ico': 'image/x-icon', '.json': 'application/json', '.woff2': 'font/woff2', '.txt': 'text/plain; charset=utf-8', '.md': 'text/plain; charset=utf-8',
}

/**
 * The built web page, read once at start: its addresses are the files found then, so that no request can name another file.
 * Every address below /web/ that is no file is the page itself, which knows its own addresses.
 */
export class PageFiles {
  readonly #files = new Map<string, Answer>()
  readonly #index: Answer | null

  /** `customFolder`: where people keep a style sheet and a script of their own, as with the original; '' for none. */
  constructor(folder: string, prefix: string, customFolder = '') {
    for (const path of filesBelow(folder)) {
      const name = relative(folder, path).split(sep).join('/')
      if (name === 'index.html') continue
      this.#files.set(name, fileAnswer(name, readFileSync(path)))
    }
    const own = customFolder === '' ? [] : customFiles.filter(({ path }) => isWritten(join(customFolder, path)))
    for (const { name, path } of own) for (const address of [name, path]) this.#files.set(address, fileAnswer(path, readFileSync(join(customFolder, path))))
    this.#index = indexAnswer(folder, prefix, own.map(({ tag }) => tag).join(''))
  }

  /** The answer for a path below the prefix, or null when it is none of the page's. */
  answer(path: string, prefix: string): Answer | null {
    if (path === '' || path === '/' || path === '/web' || path === '/web/') return redirect(`${prefix}/web/clusters`)
    const file = this.#files.get(path.replace(/^\/(web\/)?/, '')) ?? null
    if (file !== null) return file
    if (!path.startsWith('/web/')) return null
    if (/\.(js|css|svg|png|ico|woff2|map)$/.test(path)) return notFound()
    return this.#index ?? plainText('The web page has not been built. Run: npm run build\n', 503)
  }
}

function fileAnswer(name: string, body: Buffer): Answer {
  // Names made by the builder hold a hash of the content, so that what they name never changes.
  const isHashed = name.startsWith('assets/')
  return {
    status: 200, body,
    headers: {
      'Content-Type': contentTypes[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    },
  }
}

/** Files of whoever runs the program: where they lie, and how the page names them, after everything of its own. */
const customFiles = [
  { name: 'custom.css', path: 'css/custom.css', tag: '<link rel="stylesheet" href="./custom.css" />' },
  { name: 'custom.js', path: 'js/custom.js', tag: '<script defer src="./custom.js"></script>' },
] as const

const isWritten = (path: string): boolean => (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0

/** The page with its base address set to our prefix, and what is loaded last at its end. */
function indexAnswer(folder: string, prefix: string, last: string): Answer | null {
  const path = filesBelow(folder).find(file => relative(folder, file) === 'index.html')
  if (path === undefined) return null
  const body = readFileSync(path, 'utf8').replace(/<base href="[^"]*"/, `<base href="${prefix}/web/"`).replace('</body>', () => `${last}</body>`)
  return { status: 200, headers: { 'Content-Type': contentTypes['.html'] ?? '', 'Cache-Control': 'no-cache' }, body }
}

function filesBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name))
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
}
