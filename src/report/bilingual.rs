//! Tables of what is said in both languages.

/// Makes a table: an enum with a name for each thing that is said, the words in
/// a language by `get`, and the test of all of them.
macro_rules! bilingual {
    (
        $(#[$about:meta])*
        $table:ident {
            $($name:ident = $id:literal, $en:literal;)+
        }
    ) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $table { $($name,)+ }

        impl $table {
            /// The words in `lang`.
            pub(super) fn get(self, lang: $crate::indicator::Lang) -> &'static str {
                use $crate::indicator::Lang;
                match (self, lang) {
                    $((Self::$name, Lang::Id) => $id, (Self::$name, Lang::En) => $en,)+
                }
            }
        }

        #[cfg(test)]
        mod said {
            use super::$table;
            use $crate::indicator::Lang;
            use $crate::report::inert_line;

            #[test]
            fn in_both_languages_and_harmless() {
                for one in [$($table::$name),+] {
                    for lang in [Lang::Id, Lang::En] {
                        let words = one.get(lang);
                        assert!(!words.trim().is_empty(), "{one:?}");
                        assert_eq!(inert_line(words), words);
                    }
                }
            }
        }
    };
}

pub(super) use bilingual;
