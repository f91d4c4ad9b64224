-- Lists of people in the order of an Icelandic telephone book: by the given name, á after a, þ and æ at the end.
create index account_by_name on account (name collate "is-x-icu", id);
