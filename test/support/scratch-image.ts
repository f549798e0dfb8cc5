import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Engine } from '../../src/docker/port.ts'

/** Busybox alone, about 2 MB: sh, sleep, nc, httpd, cat, … */
export const SCRATCH_IMAGE = 'flotilla-test:busybox'

/** The same, declaring the variable IMAGE=1, the volume /data and the port 80/tcp. */
export const DECLARING_IMAGE = 'flotilla-test:declares'

const run = promisify(execFile)

/** Makes the image unless it is there: from Debian's static busybox, or where that cannot be had from the official image. */
export async function ensureScratchImage(engine: Engine): Promise<string> {
  return once(engine, SCRATCH_IMAGE, () => makeScratchImage(engine))
}

/** Files that run at the same time would both build it, and the second would move the name away from containers that have started. */
async function once(engine: Engine, image: string, make: () => Promise<void>): Promise<string> {
  const claim = join(tmpdir(), `${image}-${process.env.DOCKER_HOST ?? ''}`.replaceAll(/[^\w.-]/g, '-'))
  for (;;) {
    if (await engine.inspectImage(image)) return image
    if (!(await claimed(claim))) continue
    try {
      if (!(await engine.inspectImage(image))) await make()
    } finally {
      await rm(claim, { recursive: true, force: true })
    }
  }
}

/** Longer than a build takes: a process that was killed leaves its claim. */
const STALE_MS = 90_000

/** Resolves to whether this process builds; if another one does, after a look at it. */
async function claimed(folder: string): Promise<boolean> {
  try {
    await mkdir(folder)
    return true
  } catch {
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }))
    if (Date.now() - mtimeMs > STALE_MS) await rm(folder, { recursive: true, force: true })
    await new Promise((resolve) => setTimeout(resolve, 100))
    return false
  }
}

async function makeScratchImage(engine: Engine): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-scratch-'))
  try {
    await buildFrom(engine, await contextIn(folder), SCRATCH_IMAGE)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export async function ensureDeclaringImage(engine: Engine): Promise<string> {
  return once(engine, DECLARING_IMAGE, () => makeDeclaringImage(engine))
}

async function makeDeclaringImage(engine: Engine): Promise<void> {
  const lines = [`FROM ${await ensureScratchImage(engine)}`, 'ENV IMAGE=1', 'VOLUME /data', 'EXPOSE 80']
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-scratch-'))
  try {
    await writeFile(join(folder, 'Dockerfile'), `${lines.join('\n')}\n`)
    await buildFrom(engine, folder, DECLARING_IMAGE)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function buildFrom(engine: Engine, context: string, tag: string): Promise<void> {
  const spec = { context, dockerfile: 'Dockerfile', tags: [tag], args: {}, labels: {}, cacheFrom: [] }
  await engine.buildImage(
    { ...spec, extraHosts: [], noCache: false, pull: false },
    { signal: AbortSignal.timeout(60_000), onProgress: () => undefined, onOutput: () => undefined },
  )
}

async function contextIn(folder: string): Promise<string> {
  const context = join(folder, 'context')
  await mkdir(join(context, 'root', 'bin'), { recursive: true })
  const made = await debianRoot(folder, join(context, 'root')).then(
    () => true,
    () => false,
  )
  const lines = made
    ? ['FROM scratch', 'COPY root/ /', 'ENV PATH=/bin', 'CMD ["sh"]']
    : ['FROM busybox:stable', 'CMD ["sh"]']
  await writeFile(join(context, 'Dockerfile'), `${lines.join('\n')}\n`)
  return context
}

async function debianRoot(folder: string, root: string): Promise<void> {
  await run('apt-get', ['-q', 'download', 'busybox-static'], { cwd: folder })
  const [archive = ''] = (await readdir(folder)).filter((name) => name.endsWith('.deb'))
  await run('dpkg-deb', ['-x', join(folder, archive), join(folder, 'package')])
  const busybox = (await readdir(join(folder, 'package', 'bin'))).includes('busybox') ? 'bin' : 'usr/bin'
  await copyFile(join(folder, 'package', busybox, 'busybox'), join(root, 'bin', 'busybox'))
  const { stdout } = await run(join(root, 'bin', 'busybox'), ['--list'])
  for (const applet of stdout.split('\n').filter((name) => name && name !== 'busybox')) {
    await symlink('busybox', join(root, 'bin', applet))
  }
  await mkdir(join(root, 'tmp'), { mode: 0o1777 })
  await mkdir(join(root, 'etc'))
  await writeFile(join(root, 'etc', 'passwd'), 'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n')
}
