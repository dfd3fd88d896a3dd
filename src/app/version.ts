import packageFile from '../../package.json' with { type: 'json' }

/** The version in package.json; built in when the program is built. */
export const version: string = packageFile.version
