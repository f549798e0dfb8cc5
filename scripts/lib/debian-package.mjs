// The content of a Debian package without installing it.
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { debianSources } from './apt.mjs'
import { mustRun, UserError, which } from './process.mjs'

/** Unpacks a package of a Debian suite into a temporary folder, which is gone once `use(folder)` has settled. */
export function withPackage(name, suite, use) {
  return withPackages([name], suite, use)
}

/** The same for several packages, into one folder. Those that they depend on are left out. */
export async function withPackages(names, suite, use) {
  const sources = await debianSources(suite)
  if (sources.length === 0 || !which('dpkg'))
    throw new UserError('this machine is no Debian that could fetch a package.')
  const folder = await mkdtemp(join(tmpdir(), `flotilla-${names[0]}-`))
  try {
    for (const archive of await download(names, sources, folder))
      await mustRun('dpkg', ['-x', archive, join(folder, 'root')])
    return await use(join(folder, 'root'))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** With package lists, cache and sources of its own, so that the machine's stay as they are; proxies and keys are the machine's. */
async function download(names, sources, folder) {
  for (const each of ['state/lists/partial', 'cache/archives/partial'])
    await mkdir(join(folder, each), { recursive: true })
  await writeFile(join(folder, 'sources.list'), `${sources.join('\n')}\n`)
  const options = [
    ['Dir::State', join(folder, 'state')],
    ['Dir::Cache', join(folder, 'cache')],
    ['Dir::Etc::SourceList', join(folder, 'sources.list')],
    ['Dir::Etc::SourceParts', '-'],
    ['Acquire::Languages', 'none'],
    // A mirror's copy of sid can be older than its own validity. Signatures are checked all the same.
    ['Acquire::Check-Valid-Until', 'false'],
    ['APT::Sandbox::User', ''],
  ].flatMap(([key, value]) => ['-o', `${key}=${value}`])
  await mustRun('apt-get', ['-q', ...options, 'update'])
  await mustRun('apt-get', ['-q', ...options, 'download', ...names], { cwd: folder })
  return (await readdir(folder)).filter((file) => file.endsWith('.deb')).map((file) => join(folder, file))
}
