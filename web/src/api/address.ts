/** The path of the pages, with the configured prefix, ending in a slash: `<base href>` is the one place where the server states it. */
export const pagesPath = new URL(document.baseURI).pathname

/** An address of API version 2 below the same prefix. */
export const apiAddress = (path: string): string => new URL(`../api/v2/${path}`, document.baseURI).href
