// Making a Debian base image from packages alone, where no registry can be asked for one.
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { debianSources, fetchSettings, isLoopbackProxy } from './apt.mjs'
import { lastLines, UserError } from './process.mjs'

// Like the official slim images: no manuals and translations, but every licence.
const DPKG_OPTIONS = [
  'path-exclude=/usr/share/doc/*',
  'path-include=/usr/share/doc/*/copyright',
  'path-exclude=/usr/share/man/*',
  'path-exclude=/usr/share/info/*',
  'path-exclude=/usr/share/lintian/*',
  'path-exclude=/usr/share/locale/*',
  'path-include=/usr/share/locale/locale.alias',
  // A build that loses power is built again: no need to wait for the disk after every file.
  'force-unsafe-io',
]

// What is downloaded is deleted as soon as it is installed, else it would stay in its image layer for ever.
const APT_CLEANUP = `
DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb /var/cache/apt/archives/partial/*.deb || true"; };
Dir::Cache::pkgcache "";
Dir::Cache::srcpkgcache "";
Acquire::Languages "none";
`

// Packages must not start services in a build.
const POLICY = '#!/bin/sh\nexit 101\n'

/**
 * Bootstraps a suite. `onPhase` hears what is being done. The result is a stream of the file system as a tar archive;
 * it fails if the bootstrap does, so that half an image is never taken for one.
 */
export async function bootstrap(suite, onPhase) {
  const folder = await mkdtemp(join(tmpdir(), 'flotilla-base-'))
  const child = spawn('mmdebstrap', await argumentsFor(suite, folder), { stdio: ['ignore', 'pipe', 'pipe'] })
  const archive = new PassThrough()
  const log = phasesOf(child.stderr, onPhase)
  child.stdout.pipe(archive, { end: false })
  child.on('error', (error) => archive.destroy(error))
  archive.on('close', () => child.kill())
  child.on('close', async (code) => {
    await rm(folder, { recursive: true, force: true })
    if (code === 0) archive.end()
    else archive.destroy(new UserError(`Making a base image of ${suite} failed:\n${lastLines(log(), 15)}`))
  })
  return archive
}

async function argumentsFor(suite, folder) {
  const settings = await settingsFor(suite)
  const sources = await debianSources(suite)
  const files = {
    'apt.conf': settings.filter((line) => !isLoopbackProxy(line)).join('\n') + APT_CLEANUP,
    policy: POLICY,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  const secure = sources.some((line) => line.includes(' https://'))
  return [
    '--variant=minbase',
    ...(secure ? ['--include=ca-certificates'] : []),
    ...settings.map((line) => `--aptopt=${line}`),
    ...DPKG_OPTIONS.map((option) => `--dpkgopt=${option}`),
    // A policy of its own, and its removal, is what mmdebstrap would do instead.
    '--skip=chroot/policy-rc.d',
    `--essential-hook=upload '${join(folder, 'policy')}' /usr/sbin/policy-rc.d`,
    '--essential-hook=chmod 755 "$1/usr/sbin/policy-rc.d"',
    // mmdebstrap leaves the options of its own run in the image; ours replace them.
    '--customize-hook=rm -f "$1/etc/apt/apt.conf.d/99mmdebstrap" "$1"/var/cache/apt/*.bin',
    `--customize-hook=upload '${join(folder, 'apt.conf')}' /etc/apt/apt.conf.d/90flotilla-base`,
    '--format=tar',
    suite,
    '-',
    ...sources,
  ]
}

/** A mirror's copy of sid can be older than its own validity. Signatures are checked all the same. */
async function settingsFor(suite) {
  const settings = await fetchSettings()
  return suite === 'sid' ? [...settings, 'Acquire::Check-Valid-Until "false";'] : settings
}

/** Tells `onPhase` the program's lines of information. Returns a function that gives all that it printed. */
function phasesOf(stream, onPhase) {
  let printed = ''
  stream.on('data', (chunk) => {
    printed += chunk
    const phases = String(chunk).match(/(?<=^I: ).*$/gm)
    if (phases) onPhase(phases.at(-1))
  })
  return () => printed
}
