import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { getCACertificates, type TlsOptions } from 'node:tls'
import { fail, ok, type Result } from '../../kit/result.ts'

/** The settings of one listener; their keys name them in what is said of a file. */
export interface ServerTlsFiles {
  readonly keyFile: string
  readonly certificateFile: string
  /** With it client certificates are checked; empty: with those that the system trusts. */
  readonly authorityFile: string
  /** Clients are asked for a certificate. One that cannot be verified ends the connection; none at all is for the caller to judge. */
  readonly asksClients: boolean
  readonly keys: { readonly keyFile: string; readonly certificateFile: string; readonly authorityFile: string }
}

/** The passphrase of an encrypted key; null: nobody can be asked. */
export type AskPassphrase = (file: string) => Promise<string | null>

/** What a listener needs to speak TLS. The failure is a sentence for the operator, without any secret. */
export async function serverTls(files: ServerTlsFiles, ask: AskPassphrase): Promise<Result<TlsOptions, string>> {
  const { keys } = files
  if (files.keyFile === '' || files.certificateFile === '') return fail(`TLS needs both ${keys.keyFile} and ${keys.certificateFile}`)
  const [key, certificate] = [textOf(keys.keyFile, files.keyFile), textOf(keys.certificateFile, files.certificateFile)]
  if (!key.ok) return key
  if (!certificate.ok) return certificate
  const opened = await openKey(keys.keyFile, files.keyFile, key.value, ask)
  if (!opened.ok) return opened
  const fit = fits(opened.value, certificate.value)
  if (fit !== null) return fail(`${keys.certificateFile} ${files.certificateFile}: ${fit}`)
  const authorities = files.asksClients ? authoritiesIn(keys.authorityFile, files.authorityFile) : ok(null)
  if (!authorities.ok) return authorities
  return ok({
    minVersion: 'TLSv1.2', key: opened.value.export({ type: 'pkcs8', format: 'pem' }), cert: certificate.value,
    // Without a certificate a client gets an answer that says what it lacks, and so it must be let in that far.
    ...(authorities.value === null ? {} : { requestCert: true, rejectUnauthorized: false, ca: authorities.value }),
  })
}

function textOf(key: string, file: string): Result<string, string> {
  try {
    return ok(readFileSync(file, 'utf8'))
  } catch (error) {
    return fail(`${key} ${file} cannot be read: ${said(error)}`)
  }
}

const isEncrypted = (pem: string): boolean => /-----BEGIN ENCRYPTED PRIVATE KEY-----|^Proc-Type: 4,ENCRYPTED/m.test(pem)

async function openKey(key: string, file: string, pem: string, ask: AskPassphrase): Promise<Result<KeyObject, string>> {
  const passphrase = isEncrypted(pem) ? await ask(file) : ''
  if (passphrase === null) return fail(`${key} ${file} is encrypted, and its password is neither set nor can it be asked for on a terminal`)
  try {
    return ok(createPrivateKey({ key: pem, format: 'pem', ...(passphrase === '' ? {} : { passphrase }) }))
  } catch {
    return fail(isEncrypted(pem) ? `${key} ${file} cannot be opened with the password that was given` : `${key} ${file} holds no private key in PEM form`)
  }
}

/** Null: the certificate can be read and belongs to the key. */
function fits(key: KeyObject, pem: string): string | null {
  try {
    return new X509Certificate(pem).checkPrivateKey(key) ? null : 'this certificate belongs to another private key'
  } catch (error) {
    return `holds no certificate in PEM form (${said(error)})`
  }
}

function authoritiesIn(key: string, file: string): Result<string[], string> {
  if (file === '') return ok(getCACertificates('system'))
  const text = textOf(key, file)
  if (!text.ok) return text
  const found = text.value.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? []
  if (found.length === 0) return fail(`${key} ${file} holds no certificate in PEM form`)
  for (const pem of found) {
    const wrong = unreadable(pem)
    if (wrong !== null) return fail(`${key} ${file} holds a certificate that cannot be read: ${wrong}`)
  }
  return ok(found)
}

function unreadable(pem: string): string | null {
  try {
    return new X509Certificate(pem).serialNumber === '' ? 'it has no number' : null
  } catch (error) {
    return said(error)
  }
}

const said = (error: unknown): string => (error instanceof Error ? error.message : String(error))
