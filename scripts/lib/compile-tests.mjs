// Compiles src/ and test/ once for a run of tests: a loader would compile and look up every file again in each process.
import { mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './project.mjs'

/** Calls `body` with a folder that holds every file of src/ and test/ as JavaScript with a source map, and is removed afterwards. */
export async function withCompiledTests(body) {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'flotilla-compiled-'))
  try {
    await compileInto(folder)
    return await body(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Packages are those of the project. */
async function compileInto(folder) {
  const { build } = await import('esbuild')
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
  await build({
    absWorkingDir: root,
    entryPoints: ['src', 'test'].flatMap(sourcesIn),
    outdir: folder,
    outbase: root,
    bundle: true,
    packages: 'external',
    treeShaking: false,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    sourcesContent: false,
    plugins: [eachFileAlone],
    logLevel: 'warning',
  })
}

/** Where a file is in such a folder. */
export function compiled(folder, file) {
  return join(folder, asJavaScript(file))
}

const asJavaScript = (path) => path.replace(/\.ts$/, '.js')

function sourcesIn(folder) {
  return readdirSync(join(root, folder), { recursive: true })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join(folder, file))
}

/** Imports stay imports, of the compiled file or of one that needs no compiling; a file knows where its source is. */
const eachFileAlone = {
  name: 'each-file-alone',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path, resolveDir }) => {
      if (kind === 'entry-point') return undefined
      return {
        path: path.endsWith('.ts') ? asJavaScript(path) : pathToFileURL(resolve(resolveDir, path)).href,
        external: true,
      }
    })
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({ contents: withPlace(path), loader: 'ts' }))
  },
}

function withPlace(path) {
  const place = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) }
  return readFileSync(path, 'utf8').replace(/\bimport\.meta\.(url|filename|dirname)\b/g, (_, key) =>
    JSON.stringify(place[key]),
  )
}
