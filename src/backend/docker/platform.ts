const SYSTEMS =
  'aix android darwin dragonfly freebsd hurd illumos ios js linux macos nacl netbsd openbsd plan9 solaris windows zos'
const PROCESSORS = [
  '386 aarch64 amd64 amd64p32 arm arm64 arm64be armbe armel armhf i386 loong64 mips mips64 mips64le mips64p32',
  'mips64p32le mipsle ppc ppc64 ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm x86-64 x86_64',
].join(' ')
const KNOWN = new Set([...SYSTEMS.split(' '), ...PROCESSORS.split(' ')])

/** Whether a text is `OS/ARCH[/VARIANT]`, or one of the former where it is known. Source: containerd, platforms.Parse. */
export function isPlatform(text: string): boolean {
  const [first = '', ...rest] = text.split('/')
  if (rest.length === 0) return KNOWN.has(first.toLowerCase())
  const isSystem = /^[\w-]+(?:\([\w.%-]*\)(?:\+[\w.%-]+)*)?$/.test(first)
  return isSystem && rest.length <= 2 && rest.every((part) => /^[\w-]+$/.test(part))
}
