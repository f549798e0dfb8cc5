// Bundles the command line and the library into dist/. Run by `npm run build`; quick enough to run before every use.
//   dist/main.js      starts dist/program-*.js, which is one CommonJS file with V8's code cache beside it: quick to start
//   dist/library/     ES modules, and with `--types` their declarations
//   dist/man/         the manual
import { chmodSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun, runAsScript } from './lib/process.mjs'
import { rehearse } from './lib/rehearse.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

/** Makes `dist`, which is there in full or not at all. */
export async function build({ dist = join(root, 'dist'), types = false } = {}) {
  const { compileSchema } = await import('./compile-schema.mjs')
  await compileSchema()
  const fresh = mkdtempSync(join(root, 'node_modules/.flotilla-'))
  try {
    const declarations = types && emitTypes(join(fresh, 'library/types'))
    await Promise.all([commandLine(fresh), library(join(fresh, 'library')), declarations, manual(join(fresh, 'man'))])
    for (const failure of await rehearse(join(fresh, 'main.js'))) console.warn(`Starts later than it could: ${failure}`)
    chmodSync(fresh, 0o755)
    replace(dist, fresh)
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

/** Another build may put its own there in between: the last one counts. */
function replace(folder, fresh) {
  for (;;) {
    rmSync(folder, { recursive: true, force: true })
    try {
      return renameSync(fresh, folder)
    } catch (error) {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    }
  }
}

async function commandLine(folder) {
  const { transform } = await import('esbuild')
  const { outputs } = await bundle({
    entryPoints: [{ in: 'src/main.ts', out: 'program' }],
    entryNames: '[name]-[hash]',
    outdir: folder,
    format: 'cjs',
    metafile: true,
    // Shorter names take a tenth of the time of short commands; the map has the true ones, for traces (src/cli/trace.ts).
    minifyIdentifiers: true,
    sourcemap: 'external',
    sourcesContent: false,
    // A script that is run by `vm` has no `import()`: Node's own modules are required where they are imported late.
    supported: { 'dynamic-import': false },
    define: { FLOTILLA_VERSION: JSON.stringify(version()), 'import.meta.url': '__filename' },
    // As Node wraps a CommonJS module.
    banner: { js: '(function (exports, require, module, __filename, __dirname) {' },
    footer: { js: '})' },
  })
  const program = JSON.stringify(basename(Object.keys(outputs).find((path) => path.endsWith('.js'))))
  const starter = await transform(readFileSync(join(root, 'scripts/lib/starter.cjs'), 'utf8'), {
    define: { PROGRAM: program },
  })
  writeFileSync(join(folder, 'main.js'), starter.code, { mode: 0o755 })
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
}

async function library(folder) {
  await bundle({
    entryPoints: ['src/index.ts'],
    outdir: folder,
    splitting: true,
    format: 'esm',
    chunkNames: 'chunks/[name]-[hash]',
    define: { FLOTILLA_VERSION: JSON.stringify(version()) },
    // Packages written for CommonJS call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as createRequire_ } from 'node:module';const require = createRequire_(import.meta.url);",
    },
  })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n')
}

/** What both have in common. Resolves to esbuild's account of what it wrote. */
async function bundle(options) {
  const [{ build }, { lazyRequires }] = await Promise.all([import('esbuild'), import('./lazy-requires.mjs')])
  const { metafile } = await build({
    absWorkingDir: root,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    plugins: [lazyRequires()],
    logLevel: 'warning',
    ...options,
  })
  return metafile
}

async function manual(folder) {
  const { writeMan } = await import('./man.mjs')
  await writeMan(folder)
}

async function emitTypes(folder) {
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  await mustRun(process.execPath, [tsc, '-p', 'tsconfig.build.json', '--outDir', folder], { cwd: root })
}

function version() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
}

await runAsScript(import.meta.url, () => build({ types: process.argv.includes('--types') }))
