import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { type TarEntry, tarOf } from '../../src/archive/tar.ts'
import { contentId, contentOfConfigFile } from '../../src/lockfile/content-id.ts'
import type { Bytes, ImageSource, PackAbout, PackSource } from '../../src/pack/types.ts'

export const ABOUT: PackAbout = {
  services: ['db', 'web'],
  stackFiles: ['stack.yaml'],
  platform: 'linux/amd64',
  leftOut: [],
  secrets: [{ name: 'PASSWORD', from: 'variable', place: 'PASSWORD' }],
  software: 'flotilla 0.0.0',
  citation: [
    'cff-version: 1.2.0',
    'title: An experiment',
    'license: MIT',
    'date-released: 2026-11-30',
    'authors:',
    '  - given-names: Ada',
    '    family-names: Lovelace',
    '    orcid: https://orcid.org/0000-0000-0000-0001',
  ].join('\n'),
}

export async function* pieces(bytes: Uint8Array, length = 1000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length)
}

export function textFile(path: string, text: string, executable = false) {
  return { path, size: Buffer.byteLength(text), executable, open: () => pieces(Buffer.from(text)) }
}

export interface MadeImage {
  names: string[]
  layers: Buffer[]
  config: Buffer
}

/** An image whose layers each hold one file of this text. */
export function madeImage(name: string, texts: readonly string[]): MadeImage {
  const layers = texts.map((text) =>
    tarOf([{ ...PLAIN, path: `${name.replace(/\W/g, '-')}.txt`, content: Buffer.from(text) }]),
  )
  const rootfs = { type: 'layers', diff_ids: layers.map((layer) => `sha256:${hash(layer)}`) }
  const config = {
    architecture: 'amd64',
    os: 'linux',
    created: '2026-01-02T03:04:05Z',
    config: { Cmd: [name] },
    rootfs,
  }
  return { names: [name], layers, config: Buffer.from(JSON.stringify(config)) }
}

const PLAIN = { type: 'file', mode: 0o644 } as const

export function imageSource(image: MadeImage): ImageSource {
  const content = contentOfConfigFile(JSON.parse(image.config.toString()))
  if (!content) throw new Error('this is no configuration')
  const [saved = ''] = image.names
  return { saved, names: image.names, contentId: contentId(content), services: ['web'] }
}

/** As engines before 25 save images: a folder for each layer, and a link where a layer is used again. */
export function savedBefore25(images: readonly MadeImage[]): Buffer {
  const files: (TarEntry & { content?: Uint8Array })[] = []
  const first = new Map<string, string>()
  const manifest = images.map(({ names, layers, config }, image) => ({
    Config: `${hash(config)}.json`,
    RepoTags: names,
    Layers: layers.map((layer, at) => {
      const path = `${hash(Buffer.from(`${image} ${at}`))}/layer.tar`
      const earlier = first.get(hash(layer))
      if (earlier === undefined) files.push({ ...PLAIN, path, content: layer })
      else files.push({ path, type: 'symlink', mode: 0o777, linkTarget: `../${earlier}` })
      first.set(hash(layer), earlier ?? path)
      files.push({ ...PLAIN, path: path.replace('layer.tar', 'VERSION'), content: Buffer.from('1.0') })
      return path
    }),
  }))
  const configs = images.map(({ config }) => ({ ...PLAIN, path: `${hash(config)}.json`, content: config }))
  const end = [...configs, { ...PLAIN, path: 'manifest.json', content: Buffer.from(JSON.stringify(manifest)) }]
  // Links come before what they point to, as in a folder that is sorted by name.
  return tarOf([...files.sort((one, other) => (one.path < other.path ? -1 : 1)), ...end])
}

/** As newer engines save images: an OCI layout with `manifest.json`; with the containerd store, layers are compressed. */
export function savedAsLayout(images: readonly MadeImage[], compressed: boolean): Buffer {
  const blobs = new Map<string, Buffer>()
  const add = (blob: Buffer) => {
    blobs.set(`blobs/sha256/${hash(blob)}`, blob)
    return `blobs/sha256/${hash(blob)}`
  }
  const manifest = images.map(({ names, layers, config }) => ({
    Config: add(config),
    RepoTags: names,
    Layers: layers.map((layer) => add(compressed ? gzipSync(layer, { level: 9 }) : layer)),
  }))
  const files = [...blobs]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([path, content]) => ({ ...PLAIN, path, content }))
  const texts = { 'index.json': '{}', 'manifest.json': JSON.stringify(manifest), 'oci-layout': '{}' }
  return tarOf([
    ...files,
    ...Object.entries(texts).map(([path, text]) => ({ ...PLAIN, path, content: Buffer.from(text) })),
  ])
}

export function hash(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

const SHARED = 'shared'.repeat(500)
export const IMAGES = [madeImage('lab/one:1', [SHARED, 'one']), madeImage('two', [SHARED, 'two', SHARED])].map(
  (image, at) => (at === 0 ? image : { ...image, layers: [...image.layers] }),
)

export function volumeArchive(text: string): Buffer {
  return tarOf([
    { path: 'volume', type: 'directory', mode: 0o755, uid: 999, gid: 999 },
    { path: 'volume/up', type: 'symlink', mode: 0o777, linkTarget: '../..' },
    { ...PLAIN, path: 'volume/data 50%.csv', content: Buffer.from(text) },
    { path: 'volume/again', type: 'link', mode: 0o644, linkTarget: 'volume/data 50%.csv' },
  ])
}

/** A small pack with something of everything. */
export function samplePack(parts: Partial<PackSource> & { archive?: Buffer } = {}): PackSource {
  const { archive = savedBefore25(IMAGES), ...rest } = parts
  const bytes: Bytes = pieces(archive)
  return {
    name: 'lab',
    about: ABOUT,
    files: [
      textFile('stack/stack.yaml', 'services: {}\n'),
      textFile('stack/run.sh', '#!/bin/sh\n', true),
      textFile(`stack/${'deep/'.repeat(30)}schön.txt`, ''),
      textFile('outside/1/a.csv', 'a,b\n1,2\n'),
      { path: 'files/stack.tar', open: () => pieces(linkArchive()) },
    ],
    images: { images: IMAGES.map(imageSource), open: async () => bytes },
    volumes: [{ name: 'data', open: () => pieces(volumeArchive('x'.repeat(3000))) }],
    dumps: [{ service: 'db', family: 'postgresql', volume: 'pg', open: () => pieces(Buffer.from('SELECT 1;\n')) }],
    ...rest,
  }
}

function linkArchive(): Buffer {
  return tarOf([
    { path: 'stack', type: 'directory', mode: 0o755 },
    { path: 'stack/work', type: 'directory', mode: 0o2775, uid: 1000, gid: 100 },
    { path: 'stack/work/latest', type: 'symlink', mode: 0o777, linkTarget: '../stack.yaml' },
  ])
}
