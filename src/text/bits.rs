//! Letters, digits and signs of 64 bytes of text, one bit a byte.

use wide::u8x16;

/// One bit for each of 64 bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Bits {
    /// Letters and digits.
    pub(super) words: u64,
    /// ASCII letters, lower case.
    pub(super) letters: u64,
    /// Digits.
    pub(super) digits: u64,
    /// Signs used as letters: `@`, `$`, `!`.
    pub(super) signs: u64,
    /// Bytes equal to the one before.
    pub(super) same: u64,
    /// Bytes of characters beyond ASCII.
    pub(super) others: u64,
}

impl Bits {
    /// The bits of up to 64 bytes; `before` is the byte before them.
    pub(super) fn of(chunk: &[u8], before: u8) -> Self {
        if let Ok(whole) = chunk.try_into() {
            return Self::of_whole(whole, before);
        }
        let mut padded = [0; 64];
        padded[..chunk.len()].copy_from_slice(chunk);
        Self::of_whole(&padded, before)
    }

    fn of_whole(chunk: &[u8; 64], mut before: u8) -> Self {
        let mut bits = Self::default();
        for (index, sixteen) in chunk.chunks_exact(16).enumerate() {
            let mut moved = [before; 16];
            moved[1..].copy_from_slice(&sixteen[..15]);
            let bytes = u8x16::new(sixteen.try_into().expect("sixteen bytes"));
            let shift = index * 16;
            let set = |bits: &mut u64, is: u8x16| *bits |= u64::from(is.to_bitmask()) << shift;
            set(&mut bits.letters, between(bytes, b'a', b'z'));
            set(&mut bits.digits, between(bytes, b'0', b'9'));
            let signs = equal(bytes, b'@') | equal(bytes, b'$') | equal(bytes, b'!');
            set(&mut bits.signs, signs);
            set(&mut bits.same, bytes.simd_eq(u8x16::new(moved)));
            set(&mut bits.others, bytes);
            before = sixteen[15];
        }
        bits.words = bits.letters | bits.digits;
        bits
    }
}

fn between(bytes: u8x16, first: u8, last: u8) -> u8x16 {
    (bytes - u8x16::splat(first)).simd_lt(u8x16::splat(last - first + 1))
}

fn equal(bytes: u8x16, byte: u8) -> u8x16 {
    bytes.simd_eq(u8x16::splat(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_agree_with_a_look_at_each_byte() {
        // Every byte at every place, behind every kind of byte.
        for start in 0..=255_u8 {
            for step in [0_usize, 1, 3, 17, 64] {
                let chunk: [u8; 64] =
                    std::array::from_fn(|at| (usize::from(start) + step * at) as u8);
                for before in [0, start, b'a'] {
                    assert_eq!(Bits::of(&chunk, before), looked_at(&chunk, before));
                }
            }
        }
        let short = Bits::of(b"a1@", 0);
        assert_eq!((short.words, short.signs), (0b11, 0b100));
    }

    fn looked_at(chunk: &[u8; 64], mut before: u8) -> Bits {
        let mut bits = Bits::default();
        for (at, &byte) in chunk.iter().enumerate() {
            let bit = |is: bool| u64::from(is) << at;
            bits.letters |= bit(byte.is_ascii_lowercase());
            bits.digits |= bit(byte.is_ascii_digit());
            bits.signs |= bit(matches!(byte, b'@' | b'$' | b'!'));
            bits.same |= bit(byte == before);
            bits.others |= bit(!byte.is_ascii());
            before = byte;
        }
        bits.words = bits.letters | bits.digits;
        bits
    }
}
