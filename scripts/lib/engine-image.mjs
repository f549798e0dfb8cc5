// The image of an engine that runs as a container: Debian's docker.io.
import { Readable } from 'node:stream'

/** Of sid, the newest one; of bookworm, 20.10. */
const NEWER = 'flotilla-newer-engine:2'
/** BuildKit fetches Git repositories by the program. */
const PACKAGES = ['docker.io', 'iptables', 'iproute2', 'git', 'ca-certificates']

/** Builds the image unless it is there, and resolves to its name. `base` resolves to the image that it is built from. */
export async function ensureEngineImage(engine, { log, base, name = NEWER }) {
  if (await engine.hasImage(name)) return name
  const from = await base()
  log(`Building ${name} …`)
  const body = Readable.from([tarOf('Dockerfile', dockerfile(from))])
  await engine.stream('POST', `/build?${new URLSearchParams({ t: name })}`, {
    body,
    headers: { 'content-type': 'application/x-tar' },
  })
  return name
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
