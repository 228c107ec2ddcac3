//! How much memory there is.
//!
//! "16 GB" is what is written on the machine, and a machine sold as 16 GB never reports 16 GiB: firmware, the kernel and
//! the graphics keep some. So the *installed* memory is asked for, not what the kernel has left of it, and the bar is
//! 16·10⁹ bytes (14.9 GiB). Installed is the largest of three answers: the modules that the firmware lists (SMBIOS,
//! readable by root), the memory blocks that are online (what `lsmem` adds up; they include what the kernel keeps for
//! itself), and `MemTotal`. A limit of the control group replaces it where it is lower: a container with 8 GB is a
//! machine with 8 GB.

use serde::Serialize;

use super::cgroup;
use super::root::Root;

/// What the requirement calls 16 GB, in bytes of installed memory.
pub const MEMORY_NEEDED: u64 = 16_000_000_000;

/// How much memory there is, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Memory {
    /// What is built in, or what the control group allows, if that is less.
    pub installed: u64,
    /// What the kernel manages (`MemTotal`).
    pub usable: u64,
    /// What programs could get now (`MemAvailable`).
    pub available: u64,
    /// What a control group around us allows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u64>,
    /// Swap space.
    pub swap: u64,
}

impl Memory {
    /// Looks it up; nothing where even `/proc/meminfo` cannot be read.
    pub fn of(root: &Root) -> Option<Self> {
        let table = root.text("proc/meminfo")?;
        let usable = kibibytes(&table, "MemTotal")?;
        let limits = [
            cgroup::least_bytes(root, "memory", "memory.max"),
            cgroup::least_bytes(root, "memory", "memory.limit_in_bytes"),
        ];
        let limit = limits.into_iter().flatten().min();
        let built_in = usable
            .max(of_modules(root).unwrap_or(0))
            .max(of_blocks(root).unwrap_or(0));
        Some(Self {
            installed: limit.map_or(built_in, |limit| limit.min(built_in)),
            usable,
            available: kibibytes(&table, "MemAvailable").unwrap_or(0),
            limit: limit.filter(|limit| *limit < built_in),
            swap: kibibytes(&table, "SwapTotal").unwrap_or(0),
        })
    }

    /// Whether it is what is sold as 16 GB.
    pub fn is_enough(&self) -> bool {
        self.installed >= MEMORY_NEEDED
    }
}

fn kibibytes(table: &str, name: &str) -> Option<u64> {
    let line = table
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))?;
    let number: u64 = line.split_whitespace().next()?.parse().ok()?;
    number.checked_mul(1_024)
}

/// The memory blocks that are online, times their size.
fn of_blocks(root: &Root) -> Option<u64> {
    const BLOCKS: &str = "sys/devices/system/memory";
    let size = root.text(format!("{BLOCKS}/block_size_bytes"))?;
    let size = u64::from_str_radix(size.trim_start_matches("0x"), 16).ok()?;
    let online = root
        .names(BLOCKS)
        .iter()
        .filter(|name| {
            name.strip_prefix("memory")
                .is_some_and(|number| number.parse::<u32>().is_ok())
        })
        .filter(|name| {
            root.number(format!("{BLOCKS}/{name}/online")).map_or_else(
                || root.text(format!("{BLOCKS}/{name}/state")).as_deref() == Some("online"),
                |online| online == 1,
            )
        })
        .count();
    size.checked_mul(online as u64)
}

/// The memory modules that the firmware lists.
fn of_modules(root: &Root) -> Option<u64> {
    let table = std::fs::read(root.path("sys/firmware/dmi/tables/DMI")).ok()?;
    Some(sum_of_modules(&table))
}

/// Adds up the structures of type 17 ("memory device") in an SMBIOS table. Each structure is a head of which the second
/// byte is the length, and texts that end with two zero bytes.
fn sum_of_modules(table: &[u8]) -> u64 {
    const MEMORY_DEVICE: u8 = 17;
    const END: u8 = 127;
    let mut sum = 0_u64;
    let mut rest = table;
    while let [kind, length, ..] = *rest {
        let length = usize::from(length);
        if kind == END || length < 4 || rest.len() < length {
            break;
        }
        if kind == MEMORY_DEVICE {
            sum = sum.saturating_add(size_of_module(&rest[..length]));
        }
        let texts = &rest[length..];
        let Some(end) = texts.windows(2).position(|pair| pair == [0, 0]) else {
            break;
        };
        rest = &texts[end + 2..];
    }
    sum
}

fn size_of_module(structure: &[u8]) -> u64 {
    const MIB: u64 = 1 << 20;
    let word = |at: usize| {
        Some(u16::from_le_bytes(
            structure.get(at..at + 2)?.try_into().ok()?,
        ))
    };
    match word(0x0C) {
        // Empty, or unknown.
        None | Some(0 | 0xFFFF) => 0,
        // Larger than the field: the extended size has it, in MiB.
        Some(0x7FFF) => structure
            .get(0x1C..0x20)
            .and_then(|bytes| Some(u32::from_le_bytes(bytes.try_into().ok()?)))
            .map_or(0, |size| u64::from(size & 0x7FFF_FFFF) * MIB),
        Some(size) if size & 0x8000 != 0 => u64::from(size & 0x7FFF) * 1_024,
        Some(size) => u64::from(size) * MIB,
    }
}

#[cfg(test)]
mod tests {
    use super::{Memory, sum_of_modules};
    use crate::machine::root::Root;
    use crate::machine::root::made_up::tree;

    const MIB: u64 = 1 << 20;

    fn meminfo(total_kib: u64) -> String {
        format!("MemTotal: {total_kib} kB\nMemFree: 1 kB\nMemAvailable: 900 kB\nSwapTotal: 0 kB\n")
    }

    /// A machine with `blocks` memory blocks of 128 MiB.
    fn with_blocks(total_kib: u64, blocks: u64) -> (Root, tempfile::TempDir) {
        let (root, folder) = tree(&[
            ("proc/meminfo", &meminfo(total_kib)),
            ("sys/devices/system/memory/block_size_bytes", "8000000"),
            ("sys/devices/system/memory/memory9999/state", "offline"),
            ("sys/devices/system/memory/power/control", "auto"),
        ]);
        for number in 0..blocks {
            let path = root.path(format!("sys/devices/system/memory/memory{number}"));
            std::fs::create_dir_all(&path).unwrap();
            std::fs::write(path.join("online"), "1").unwrap();
        }
        (root, folder)
    }

    /// A memory device as firmware writes it, with two texts after it.
    fn module(size: u16, extended_mib: u32) -> Vec<u8> {
        let mut structure = vec![0_u8; 0x28];
        structure[0] = 17;
        structure[1] = 0x28;
        structure[0x0C..0x0E].copy_from_slice(&size.to_le_bytes());
        structure[0x1C..0x20].copy_from_slice(&extended_mib.to_le_bytes());
        structure.extend(b"DIMM 0\0Bank 0\0\0");
        structure
    }

    #[test]
    fn sixteen_gigabytes_are_enough_although_the_kernel_keeps_some() {
        // What a virtual machine with 16384 MiB shows, on Linux 6.1.
        let (root, _folder) = with_blocks(16_376_516, 128);
        let memory = Memory::of(&root).unwrap();
        assert_eq!(memory.installed, 16_384 * MIB);
        assert_eq!(memory.usable, 16_376_516 * 1_024);
        assert_eq!(memory.available, 900 * 1_024);
        assert!(memory.is_enough());
    }

    #[test]
    fn the_bar_lies_between_fourteen_and_fifteen_gibibytes() {
        let (enough, _folder) = with_blocks(15_300_000, 120);
        assert!(Memory::of(&enough).unwrap().is_enough(), "15360 MiB");
        let (short, _folder) = with_blocks(14_300_000, 112);
        assert!(!Memory::of(&short).unwrap().is_enough(), "14336 MiB");
        let (small, _folder) = with_blocks(8_000_000, 64);
        assert_eq!(Memory::of(&small).unwrap().installed, 8_192 * MIB);
    }

    #[test]
    fn the_bar_is_sixteen_billion_bytes_to_the_byte() {
        let with = |bytes| Memory {
            installed: bytes,
            usable: bytes,
            available: bytes,
            limit: None,
            swap: 0,
        };
        assert!(with(16_000_000_000).is_enough());
        assert!(!with(15_999_999_999).is_enough());
    }

    #[test]
    fn a_limit_below_what_is_built_in_replaces_it() {
        let (root, _folder) = with_blocks(16_376_516, 128);
        for (path, text) in [
            ("proc/self/cgroup", "0::/box\n"),
            ("sys/fs/cgroup/box/memory.max", "8589934592\n"),
        ] {
            let path = root.path(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let memory = Memory::of(&root).unwrap();
        assert_eq!(memory.installed, 8_192 * MIB);
        assert_eq!(memory.limit, Some(8_192 * MIB));
        assert!(!memory.is_enough());
    }

    #[test]
    fn modules_are_added_up_in_each_of_their_forms() {
        let table = [
            vec![1, 6, 0, 0, 0, 0, b'x', 0, 0],
            module(8_192, 0),
            module(0, 0),
            module(0xFFFF, 0),
            module(0x7FFF, 32_768),
            module(0x8000 | 512, 0),
            vec![127, 4, 0, 0, 0, 0],
            module(8_192, 0),
        ]
        .concat();
        assert_eq!(sum_of_modules(&table), (8_192 + 32_768) * MIB + 512 * 1_024);
    }

    #[test]
    fn a_damaged_table_is_read_as_far_as_it_goes() {
        let whole = [module(4_096, 0), module(4_096, 0)].concat();
        for end in 0..whole.len() {
            assert!(sum_of_modules(&whole[..end]) <= 8_192 * MIB);
        }
        assert_eq!(sum_of_modules(&[17, 0, 0, 0]), 0);
    }

    #[test]
    fn firmware_that_lists_more_is_believed() {
        let (root, _folder) = with_blocks(15_000_000, 100);
        let path = root.path("sys/firmware/dmi/tables/DMI");
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, [module(8_192, 0), module(8_192, 0)].concat()).unwrap();
        assert_eq!(Memory::of(&root).unwrap().installed, 16_384 * MIB);
    }

    #[test]
    fn this_machine_has_memory() {
        let memory = Memory::of(&Root::real()).unwrap();
        assert!(memory.usable > 0 && memory.installed > 0);
    }
}
