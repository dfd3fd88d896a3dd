/** Certificates for tests, written out in DER by hand: Node signs, but makes none. X.509 version 3, elliptic curve P-256, valid for a day before and after now. */
import { createPublicKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isIP } from 'node:net'

export interface Certificate {
  readonly key: string
  readonly certificate: string
}

const der = (tag: number, ...parts: readonly Uint8Array[]): Buffer => {
  const body = Buffer.concat(parts)
  const length = body.length < 128 ? [body.length] : body.length < 256 ? [0x81, body.length] : [0x82, body.length >> 8, body.length & 255]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}
const sequence = (...parts: readonly Uint8Array[]): Buffer => der(0x30, ...parts)
const object = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'))
const text = (value: string): Buffer => der(0x0c, Buffer.from(value))
const yes = der(0x01, Buffer.from([0xff]))
const signedWith = sequence(object('2a8648ce3d040302')) // ecdsa-with-SHA256
const attribute = (id: string, value: string): Buffer => der(0x31, sequence(object(id), text(value)))
/** commonName, and organizationalUnitName as often as there are units. */
const nameOf = (name: string, units: readonly string[] = []): Buffer => sequence(attribute('550403', name), ...units.map(unit => attribute('55040b', unit)))
const time = (milliseconds: number): Buffer => der(0x18, Buffer.from(new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, '')))
const extension = (id: string, isCritical: boolean, value: Uint8Array): Buffer => sequence(object(id), ...(isCritical ? [yes] : []), der(0x04, value))

function alternativeName(host: string): Buffer {
  return isIP(host) === 4 ? der(0x87, Buffer.from(host.split('.').map(Number))) : der(0x82, Buffer.from(host))
}

export class Authority {
  readonly #name: string
  readonly #keys = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  readonly certificate: string

  constructor(name = 'authority of a test') {
    this.#name = name
    this.certificate = this.#signed(this.#keys.publicKey, name, [extension('551d13', true, sequence(yes))]) // basicConstraints: an authority
  }

  /** For a host name or an IPv4 address, of somebody in these organisational units. */
  issue(host: string, units: readonly string[] = []): Certificate {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const certificate = this.#signed(publicKey, host, [extension('551d11', false, sequence(alternativeName(host)))], units) // subjectAltName
    return { key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), certificate }
  }

  #signed(key: KeyObject, subject: string, extensions: readonly Buffer[], units: readonly string[] = []): string {
    const day = 86_400_000
    const number = randomBytes(8)
    number.writeUInt8(1 + (number.readUInt8(0) & 0x3f), 0) // positive and not zero
    const version3 = der(0xa0, der(0x02, Buffer.from([2])))
    const validity = sequence(time(Date.now() - day), time(Date.now() + day))
    const publicKey = createPublicKey(key.export({ type: 'spki', format: 'pem' })).export({ type: 'spki', format: 'der' })
    const told = sequence(version3, der(0x02, number), signedWith, nameOf(this.#name), validity, nameOf(subject, units), publicKey, der(0xa3, sequence(...extensions)))
    const whole = sequence(told, signedWith, der(0x03, Buffer.from([0]), sign('sha256', told, this.#keys.privateKey)))
    return `-----BEGIN CERTIFICATE-----\n${(whole.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END CERTIFICATE-----\n`
  }
}
