import { MANIFEST, SIGNATURE, TAG_MANIFEST } from '../bag/layout.ts'
import type { PackSource } from '../types.ts'

/** README.md: how to open a pack, with flotilla or without it. Known before the contents are read. */
export function readmeText({ name, about, images, volumes, dumps }: PackSource): string {
  const parts = [
    `# ${name}`,
    'A stack of containers with its images and data, packed by flotilla. It is a BagIt bag (RFC 8493), and `data/` is an RO-Crate.',
    ...section('Bring it up', [`    flotilla unpack ${name}.flotilla.tar`]),
    ...section('Without flotilla', [
      'Check every file:',
      `    sha256sum -c ${TAG_MANIFEST} && sha256sum -c ${MANIFEST}`,
      ...(images ? ['Load the images with Docker:', '    tar -C data/images -cf - . | docker load'] : []),
      'The stack file and what it reads are in `data/stack`.',
      ...(volumes.length > 0
        ? ['Each volume is an archive in `data/volumes`; its content is below `volume/` there.']
        : []),
      ...(dumps.length > 0 ? ['Databases are SQL in `data/dumps`: load each with the client of its server.'] : []),
      `If the pack is signed, \`${SIGNATURE}\` is the Ed25519 signature of \`${TAG_MANIFEST}\`:`,
      `    openssl pkeyutl -verify -pubin -inkey KEY.pem -rawin -in ${TAG_MANIFEST} -sigfile ${SIGNATURE}`,
    ]),
    ...listed('Not in the pack', about.leftOut),
    ...listed(
      'Secrets that you have to supply',
      about.secrets.map(({ name, from, place }) => `${name} (${from} \`${place}\`)`),
    ),
  ]
  return `${parts.join('\n\n')}\n`
}

function section(title: string, paragraphs: string[]): string[] {
  return [`## ${title}`, ...paragraphs]
}

function listed(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : section(title, [items.map((item) => `- ${item}`).join('\n')])
}
