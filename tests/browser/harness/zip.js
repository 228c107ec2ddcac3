/** An archive of a few texts, as an upload: nothing in it is compressed. */
import { crc32 } from 'node:zlib';

const [LOCAL, CENTRAL, END] = [0x04034b50, 0x02014b50, 0x06054b50];
const VERSION = 20;

/** `files` are contents by their names. */
export function zip(files) {
  const locals = [];
  const centrals = [];
  let offset = 0;
  for (const [name, content] of Object.entries(files)) {
    const [title, data] = [Buffer.from(name), Buffer.from(content)];
    const sizes = [data.length, data.length];
    const common = [u16(VERSION), u16(0), u16(0), u32(0), u32(crc32(data)), ...sizes.map(u32)];
    const local = Buffer.concat([u32(LOCAL), ...common, u16(title.length), u16(0), title, data]);
    const rest = [u16(title.length), u16(0), u16(0), u16(0), u16(0), u32(0), u32(offset), title];
    centrals.push(Buffer.concat([u32(CENTRAL), u16(VERSION), ...common, ...rest]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(centrals);
  const counts = [u16(0), u16(0), u16(centrals.length), u16(centrals.length)];
  const end = [u32(END), ...counts, u32(directory.length), u32(offset), u16(0)];
  return Buffer.concat([...locals, directory, ...end]);
}

function u16(number) {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(number);
  return bytes;
}

function u32(number) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(number);
  return bytes;
}
