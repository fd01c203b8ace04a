create database bikes;
