/** The folders of code without I/O: their tests need milliseconds each, and a process for each most of a second, so they run in one. */
export const folders = ['src/kit', 'src/model', 'src/contract', 'web/src'] as const
