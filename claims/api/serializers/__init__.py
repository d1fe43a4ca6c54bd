"""Shapes of requests and answers, by subject. Inputs are strict and never write; outputs only show."""
