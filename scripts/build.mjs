// Bundles the command line and the library into dist/. Run by `npm run build`; quick enough to run before every use.
import { execFileSync } from 'node:child_process'
import { chmodSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export async function build() {
  const [{ build: bundle }, { compileSchema }, { lazyRequires }] = await Promise.all([
    import('esbuild'),
    import('./compile-schema.mjs'),
    import('./lazy-requires.mjs'),
  ])
  await compileSchema()
  rmSync(join(root, 'dist'), { recursive: true, force: true })
  await bundle({
    absWorkingDir: root,
    entryPoints: ['src/main.ts', 'src/index.ts'],
    outdir: 'dist',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    chunkNames: 'chunks/[name]-[hash]',
    define: { FLOTILLA_VERSION: JSON.stringify(version()) },
    // Packages written for CommonJS call `require` for Node's own modules.
    banner: {
      js: "import { createRequire as createRequire_ } from 'node:module';const require = createRequire_(import.meta.url);",
    },
    plugins: [lazyRequires()],
    logLevel: 'warning',
  })
  chmodSync(join(root, 'dist/main.js'), 0o755)
}

export function emitTypes() {
  const tsc = join(root, 'node_modules/.bin/tsc')
  const options = [
    '--noEmit',
    'false',
    '--declaration',
    '--emitDeclarationOnly',
    '--outDir',
    'dist/types',
    '--rootDir',
    'src',
  ]
  execFileSync(tsc, ['-p', 'tsconfig.build.json', ...options], { cwd: root, stdio: 'inherit' })
}

function version() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await build()
