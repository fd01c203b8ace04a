create database library;
