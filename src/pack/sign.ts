import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { StackError } from '../diagnostics/checked.ts'
import { error } from '../diagnostics/diagnostic.ts'

/** Bytes of an Ed25519 signature. */
export const SIGNATURE_SIZE = 64

/** A private Ed25519 key from a PEM text. @throws StackError */
export function privateKey(pem: string): KeyObject {
  return ed25519(() => createPrivateKey(pem), 'openssl genpkey -algorithm ed25519 -out key.pem makes one')
}

/** A public Ed25519 key from a PEM text; that of a private key too. @throws StackError */
export function publicKey(pem: string): KeyObject {
  return ed25519(() => createPublicKey(pem), 'openssl pkey -in key.pem -pubout -out public.pem makes one')
}

function ed25519(read: () => KeyObject, hint: string): KeyObject {
  const key = tried(read)
  if (key?.asymmetricKeyType === 'ed25519') return key
  throw new StackError([error('usage', 'the key is not an Ed25519 key in PEM without a passphrase', { hint })])
}

function tried(read: () => KeyObject): KeyObject | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

export function signed(bytes: Uint8Array, key: KeyObject): Buffer {
  return sign(null, bytes, key)
}

export function isSignedBy(bytes: Uint8Array, signature: Uint8Array, key: KeyObject): boolean {
  return verify(null, bytes, key, signature)
}
