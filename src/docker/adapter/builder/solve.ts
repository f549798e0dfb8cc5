import { randomUUID } from 'node:crypto'
import { type BuildSpec, type CacheEntry, failedInside } from '../../port.ts'
import { type Request, silenceTimerFor } from '../http/exchange.ts'
import type { Link } from '../http/link.ts'
import { requestUpgrade } from '../http/request.ts'
import { buildkitProgress } from './buildkit-progress.ts'
import { frontendAttributes } from './frontend.ts'
import { GrpcError } from './grpc/grpc.ts'
import { type GrpcClient, grpcClient } from './grpc/grpc-client.ts'
import { type FieldValue, writeFields } from './grpc/protobuf.ts'
import { withGateway } from './host-gateway.ts'
import type { Prepared } from './types.ts'

// Methods and field numbers of moby.buildkit.v1.Control:
// https://github.com/moby/buildkit/blob/master/api/services/control/control.proto
const SOLVE = '/moby.buildkit.v1.Control/Solve'
const STATUS = '/moby.buildkit.v1.Control/Status'
const REQUEST = {
  ref: 1,
  exporter: 3,
  exporterAttrs: 4,
  session: 5,
  frontend: 6,
  frontendAttrs: 7,
  cache: 8,
  entitlements: 9,
}
const CACHE = { exports: 4, imports: 5 }
const CACHE_ENTRY = { type: 1, attrs: 2 }

/** The exporter that stores the image in the engine. */
const INTO_ENGINE = 'moby'
/**
 * The exporter that sends an OCI layout over the session: the only one that rewrites the times of files. The one above ignores that, and the
 * one of containerd's store refuses it for images that are unpacked.
 */
const TO_SESSION = 'oci'
const REWRITE = { 'rewrite-timestamp': 'true' }

/**
 * Builds over the engine's own BuildKit (POST /grpc, upgraded to HTTP/2), which can do more than POST /build. Ends the build if the
 * signal aborts.
 */
export async function solve(link: Link, prepared: Prepared, session: string): Promise<void> {
  const { options } = prepared
  const { signal, onFailed } = options
  const connected: Request = { method: 'POST', path: '/grpc', headers: { Upgrade: 'h2c' }, signal }
  const client = grpcClient(await requestUpgrade(link, connected))
  const silent = new AbortController()
  const timer = silenceTimerFor(link, connected, 'slow', (silence) => silent.abort(silence))
  const either = AbortSignal.any([signal, silent.signal])
  const progress = buildkitProgress(options)
  const ref = randomUUID()
  try {
    const extraHosts = await withGateway(link, client, prepared.spec.extraHosts, either)
    const translated = { ...prepared, spec: { ...prepared.spec, extraHosts } }
    const request = writeFields(requestFields(ref, translated, session))
    const status = { add: (bytes: Uint8Array) => progress.addStatus(bytes), heard: timer.heard }
    await Promise.all([done(client, request, either), follow(client, ref, status, either)])
  } catch (thrown) {
    either.throwIfAborted()
    if (!(thrown instanceof GrpcError)) throw thrown
    const failed = progress.failure(thrown.message)
    onFailed?.(failed)
    throw failedInside(failed.sentence)
  } finally {
    timer.stop()
    client.close()
  }
}

function requestFields(ref: string, prepared: Prepared, session: string): Record<number, FieldValue> {
  const { spec } = prepared
  return {
    [REQUEST.ref]: ref,
    [REQUEST.exporter]: spec.repeatable === undefined ? INTO_ENGINE : TO_SESSION,
    [REQUEST.exporterAttrs]: entries({ name: spec.tags.join(','), ...(spec.repeatable !== undefined && REWRITE) }),
    [REQUEST.session]: session,
    [REQUEST.frontend]: 'dockerfile.v0',
    [REQUEST.frontendAttrs]: entries(frontendAttributes(prepared)),
    [REQUEST.cache]: cacheOptions(spec),
    [REQUEST.entitlements]: entitlementsOf(spec),
  }
}

function cacheOptions({ inlineCache, cacheTo = [], cacheImports = [] }: BuildSpec): Uint8Array {
  const inline = inlineCache ? [{ type: 'inline', attributes: {} }] : []
  return writeFields({
    [CACHE.exports]: [...inline, ...cacheTo].map(cacheEntry),
    [CACHE.imports]: cacheImports.map(cacheEntry),
  })
}

function cacheEntry({ type, attributes }: CacheEntry): Uint8Array {
  return writeFields({ [CACHE_ENTRY.type]: type, [CACHE_ENTRY.attrs]: entries(attributes) })
}

/** A build in the network of the host needs no request for it, as with POST /build. */
function entitlementsOf({ entitlements = [], network }: BuildSpec): string[] {
  return [...new Set([...entitlements, ...(network === 'host' ? ['network.host'] : [])])]
}

/** A map: one message for each entry. */
function entries(values: Readonly<Record<string, string>>): Uint8Array[] {
  return Object.entries(values).map(([key, value]) => writeFields({ 1: key, 2: value }))
}

async function done(client: GrpcClient, request: Uint8Array, signal: AbortSignal): Promise<void> {
  for await (const _ of client.call(SOLVE, request, signal)) return
}

interface StatusReader {
  add(bytes: Uint8Array): void
  /** Each message shows that the engine is at work. */
  heard(): void
}

async function follow(client: GrpcClient, ref: string, reader: StatusReader, signal: AbortSignal): Promise<void> {
  for await (const status of client.call(STATUS, writeFields({ 1: ref }), signal)) {
    reader.heard()
    reader.add(status)
  }
}
