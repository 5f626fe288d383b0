using System.Collections.Immutable;

namespace Billing.Api.Tests.Drift;

/// <summary>A word, string, number or mark of a Bicep file.</summary>
/// <param name="Kind">w word, s string, n number, l end of line, else the mark itself.</param>
/// <param name="Text">As it stands there; a string without its quotes.</param>
/// <param name="Line">From 1.</param>
internal readonly record struct BicepToken(char Kind, string Text, int Line)
{
    public bool Is(string text) => Kind != 's' && Text == text;
}

/// <summary>Cuts Bicep into tokens. What stands in a string as <c>${…}</c> follows it in parentheses.</summary>
internal sealed class BicepText
{
    private const string Marks = "{}[]()=:,.?!<>+-*/%&|@;";
    private readonly ImmutableArray<BicepToken>.Builder _tokens = ImmutableArray.CreateBuilder<BicepToken>();
    private readonly string _text;
    private int _at;
    private int _line = 1;

    private BicepText(string text) => _text = text;

    /// <summary>The tokens, or an exception that names the line.</summary>
    public static ImmutableArray<BicepToken> Cut(string text)
    {
        var cutter = new BicepText(text);
        cutter.Until('\0');
        cutter.Add('l', "\n");
        CheckBrackets(cutter._tokens);
        return cutter._tokens.ToImmutable();
    }

    private void Until(char end)
    {
        for (var depth = 0; _at < _text.Length; _at++)
        {
            var character = _text[_at];
            if (character == end && depth == 0)
            {
                return;
            }

            depth += character == '{' ? 1 : character == '}' ? -1 : 0;
            Take(character);
        }
    }

    private void Take(char character)
    {
        switch (character)
        {
            case '\n':
                Add('l', "\n");
                _line++;
                break;
            case '/' when _text[_at + 1] == '/':
                _at = _text.IndexOf('\n', _at) - 1;
                break;
            case '\'':
                String();
                break;
            case var _ when char.IsAsciiDigit(character):
                Add('n', Run(char.IsAsciiDigit));
                break;
            case var _ when char.IsAsciiLetter(character) || character == '_':
                Add('w', Run(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_'));
                break;
            case var _ when Marks.Contains(character, StringComparison.Ordinal):
                Add(character, character.ToString());
                break;
            case not ' ':
                throw new InvalidDataException($"Line {_line}: '{character}' has no place in Bicep.");
        }
    }

    private void String()
    {
        var start = ++_at;
        var place = _tokens.Count;
        for (; _text[_at] != '\''; _at++)
        {
            if (_text[_at] == '\n')
            {
                throw new InvalidDataException($"Line {_line}: a string does not end.");
            }

            if (_text[_at] == '\\')
            {
                _at++;
            }
            else if (_text[_at] == '$' && _text[_at + 1] == '{')
            {
                _at += 2;
                Add('(', "(");
                Until('}');
                Add(')', ")");
            }
        }

        _tokens.Insert(place, new BicepToken('s', _text[start.._at], _line));
    }

    private string Run(Func<char, bool> belongs)
    {
        var start = _at;
        while (_at + 1 < _text.Length && belongs(_text[_at + 1]))
        {
            _at++;
        }

        return _text[start..(_at + 1)];
    }

    private void Add(char kind, string text) => _tokens.Add(new BicepToken(kind, text, _line));

    private static void CheckBrackets(IEnumerable<BicepToken> tokens)
    {
        var open = new Stack<BicepToken>();
        foreach (var token in tokens)
        {
            if (token.Kind is '{' or '[' or '(')
            {
                open.Push(token);
            }
            else if (token.Kind is '}' or ']' or ')' && (!open.TryPop(out var opening) || opening.Kind != token.Kind switch { '}' => '{', ']' => '[', _ => '(' }))
            {
                throw new InvalidDataException($"Line {token.Line}: '{token.Text}' closes nothing.");
            }
        }

        if (open.TryPop(out var left))
        {
            throw new InvalidDataException($"Line {left.Line}: '{left.Text}' is never closed.");
        }
    }
}
