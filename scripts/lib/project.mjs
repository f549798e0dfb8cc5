// The project's own state: are its packages installed, is what was built newer than its sources?
import { existsSync, readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { mustRun } from './process.mjs'

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

/** Runs `npm ci` if packages are missing or older than the lock file. */
export async function ensureInstalled({ log }) {
  const installed = modified('node_modules/.package-lock.json')
  if (installed >= modified('package-lock.json')) return
  log('Installing the npm packages …')
  // Under `npm run`, the very same npm; else the one that the shell finds.
  const npm = process.env.npm_execpath
  const [program, ...before] = npm?.endsWith('.js') ? [process.execPath, npm] : ['npm']
  await mustRun(program, [...before, 'ci', '--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
  })
}

/** Bundles src/ into dist/ if any source is newer. */
export async function ensureBuilt({ log }) {
  await ensureInstalled({ log })
  const inputs = ['src', 'schemas', 'scripts', 'package-lock.json'].map(newest)
  if (modified('dist/main.js') >= Math.max(...inputs)) return
  log('Building flotilla …')
  const { build } = await import(pathToFileURL(join(root, 'scripts/build.mjs')).href)
  await build()
}

function modified(path) {
  const full = join(root, path)
  return existsSync(full) ? statSync(full).mtimeMs : 0
}

/** The newest change below a path; what the build itself generates does not count. */
function newest(path) {
  const full = join(root, path)
  if (!statSync(full).isDirectory()) return modified(path)
  const files = readdirSync(full, { recursive: true, withFileTypes: true }).filter((each) => each.isFile())
  const sources = files
    .map((file) => join(file.parentPath ?? file.path, file.name))
    .filter((file) => !file.includes('generated'))
  return Math.max(0, ...sources.map((file) => statSync(file).mtimeMs))
}
