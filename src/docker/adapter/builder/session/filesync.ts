import type { Call } from '../grpc/grpc.ts'
import { number, readFields, writeFields } from '../grpc/protobuf.ts'
import type { Folder, FolderEntry } from './folder.ts'

// Field numbers and types of fsutil.types.Packet and Stat: https://github.com/tonistiigi/fsutil/tree/master/types
const PACKET = { type: 1, stat: 2, id: 3, data: 4 }
const TYPE = { stat: 0, request: 1, data: 2, end: 3, error: 4 }
const STAT = { path: 1, mode: 2, size: 5, modified: 6, link: 7 }
/** The bits of Go's `os.FileMode` for file types and special permissions; the lowest nine are the Unix permission bits. */
const MODE = { directory: 2 ** 31, symlink: 2 ** 27, setuid: 2 ** 23, setgid: 2 ** 22, sticky: 2 ** 20 }

/**
 * `moby.filesync.v1.FileSync/DiffCopy`: we send the description of every entry, sorted by path; the builder requests the content of
 * the files that it has not cached from an earlier build of the same directory.
 */
export async function sendFolder(call: Call, folder: Folder): Promise<void> {
  const files: FolderEntry[] = []
  const reported = tellAll(call, folder, files)
  // If sending fails, the stream ends, which ends the loop below; the builder gets the error.
  reported.catch((thrown: Error) =>
    call.send(writeFields({ [PACKET.type]: TYPE.error, [PACKET.data]: thrown.message })),
  )
  for await (const message of call.messages()) {
    const packet = readFields(message)
    const type = number(packet, PACKET.type)
    if (type === TYPE.request) await sendContent(call, number(packet, PACKET.id), files)
    if (type === TYPE.end) {
      await reported
      return call.send(writeFields({ [PACKET.type]: TYPE.end }))
    }
    if (type === TYPE.error) return
  }
  await reported
}

async function tellAll(call: Call, folder: Folder, files: FolderEntry[]): Promise<void> {
  for await (const entry of folder.entries()) {
    files.push(entry)
    await call.send(writeFields({ [PACKET.stat]: statOf(entry) }))
  }
  await call.send(new Uint8Array())
}

/** Root owns everything: this machine's file owners mean nothing in an image. */
function statOf({ path, type, mode, size, modified, linkTarget = '' }: FolderEntry): Uint8Array {
  return writeFields({
    [STAT.path]: path,
    [STAT.mode]: goMode(type, mode),
    [STAT.size]: type === 'file' ? size : 0,
    [STAT.modified]: modified,
    [STAT.link]: linkTarget,
  })
}

function goMode(type: FolderEntry['type'], mode: number): number {
  const special: [number, number][] = [
    [0o4000, MODE.setuid],
    [0o2000, MODE.setgid],
    [0o1000, MODE.sticky],
  ]
  const kind = type === 'directory' ? MODE.directory : type === 'symlink' ? MODE.symlink : 0
  return special.reduce((sum, [bit, go]) => sum + (mode & bit ? go : 0), kind + (mode & 0o777))
}

async function sendContent(call: Call, id: number, files: FolderEntry[]): Promise<void> {
  for await (const data of files[id]?.content() ?? [])
    await call.send(writeFields({ [PACKET.type]: TYPE.data, [PACKET.id]: id, [PACKET.data]: data }))
  await call.send(writeFields({ [PACKET.type]: TYPE.data, [PACKET.id]: id }))
}
