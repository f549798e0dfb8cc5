// The image of an engine that runs as a container: Debian's docker.io of sid.
import { Readable } from 'node:stream'

const IMAGE = 'flotilla-newer-engine:2'
/** BuildKit fetches Git repositories by the program. */
const PACKAGES = ['docker.io', 'iptables', 'iproute2', 'git', 'ca-certificates']

/** Builds the image unless it is there. `base` resolves to the image that it is built from. */
export async function ensureEngineImage(engine, { log, base }) {
  if (await engine.hasImage(IMAGE)) return IMAGE
  const from = await base()
  log(`Building ${IMAGE} …`)
  const body = Readable.from([tarOf('Dockerfile', dockerfile(from))])
  await engine.stream('POST', `/build?${new URLSearchParams({ t: IMAGE })}`, {
    body,
    headers: { 'content-type': 'application/x-tar' },
  })
  return IMAGE
}

function dockerfile(from) {
  return `FROM ${from}
RUN apt-get update && apt-get install -y --no-install-recommends ${PACKAGES.join(' ')} && rm -rf /var/lib/apt/lists/*
`
}

/** An archive with one small file. */
function tarOf(name, content) {
  const size = Buffer.byteLength(content)
  const archive = Buffer.alloc(512 + Math.ceil(size / 512) * 512 + 1024)
  const octal = (value, offset, length) => archive.write(`${value.toString(8).padStart(length - 1, '0')}\0`, offset)
  archive.write(name, 0)
  octal(0o644, 100, 8)
  octal(size, 124, 12)
  archive.write('ustar\x0000', 257)
  archive.write('        ', 148)
  octal(
    archive.subarray(0, 512).reduce((sum, byte) => sum + byte, 0),
    148,
    7,
  )
  archive.write(content, 512)
  return archive
}
