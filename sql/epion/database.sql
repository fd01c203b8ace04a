-- Run by elt in database "postgres" when this database is missing and the role may create it.
-- The name is the one that commands use unless the connection names another.
create database epiondw template template0 encoding 'UTF8';
