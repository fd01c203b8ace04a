-- what:   accept the code pages of DOS in elt.source.encoding
-- why:    Excel writes them as "CSV (MS-DOS)"
-- locks:  ACCESS EXCLUSIVE on elt.source, for an instant
-- time:   instant; the check is validated by V0055
-- undo:   add the former check again, after sources in these encodings are gone
set local lock_timeout = '2s';
set local statement_timeout = '30s';

-- The guarantee is given again, with more encodings. Older programs refuse a newer ledger.
-- squawk-ignore ban-drop-constraint
alter table elt.source drop constraint source_encoding_known;
alter table elt.source
add constraint source_encoding_known check (
    encoding in (
        'utf-8', 'latin1', 'utf-16', 'utf-16le', 'utf-16be', 'windows-874', 'windows-1250', 'windows-1251',
        'windows-1252', 'windows-1253', 'windows-1254', 'windows-1255', 'windows-1256', 'windows-1257', 'windows-1258',
        'iso-8859-2', 'iso-8859-3', 'iso-8859-4', 'iso-8859-5', 'iso-8859-6', 'iso-8859-7', 'iso-8859-8',
        'iso-8859-10', 'iso-8859-13', 'iso-8859-14', 'iso-8859-15', 'iso-8859-16', 'koi8-r', 'koi8-u', 'ibm866',
        'macintosh', 'x-mac-cyrillic', 'gbk', 'gb18030', 'big5', 'euc-jp', 'shift_jis', 'euc-kr',
        'cp437', 'cp737', 'cp775', 'cp850', 'cp852', 'cp855', 'cp857', 'cp858', 'cp860', 'cp861', 'cp863', 'cp865'
    )
) not valid;

comment on column elt.source.encoding is
    'Encoding of the file, such as utf-8, utf-16, windows-1252, iso-8859-2, cp850 or shift_jis. A byte order mark takes precedence.';
