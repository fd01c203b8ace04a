create database stock;
